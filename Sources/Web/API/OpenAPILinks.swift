import HTTPTypes
import Model

/// What the answer of one operation is good for in others (OpenAPI 3.1, section 4.8.20): who has made a room is told which
/// addresses its slug fits into. Found by name, so that a new operation has its links by itself.
struct OpenAPILinks {
    let endpoints: [Endpoint]
    let schemas: [String: Schema]

    /// By the names of the operations that they lead to; empty where nothing is made.
    func links(from endpoint: Endpoint) -> [String: Schema] {
        guard endpoint.method == .post, let answer = endpoint.answer else { return [:] }
        let fields = Self.fields(of: answer, in: schemas)
        var links: [String: Schema] = [:]
        for other in endpoints where other.id != endpoint.id {
            let parameters = other.pathParameters
            guard !parameters.isEmpty, fields.isSuperset(of: parameters) else { continue }
            let values = parameters.map { ($0, Schema.string("$response.body#/\($0)")) }
            links[other.id] = [
                "operationId": .string(other.id), "parameters": .object(Dictionary(uniqueKeysWithValues: values)),
            ]
        }
        return links
    }

    private static func fields(of schema: Schema, in schemas: [String: Schema]) -> Set<String> {
        guard case .object(let object) = schema else { return [] }
        if case .string(let reference)? = object["$ref"] {
            return reference.split(separator: "/").last.flatMap { schemas[String($0)] }
                .map { fields(of: $0, in: schemas) } ?? []
        }
        guard case .object(let properties)? = object["properties"] else { return [] }
        return Set(properties.keys)
    }
}
