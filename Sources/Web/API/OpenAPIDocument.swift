import Foundation
import HTTPTypes
package import Model

/// The API's description in OpenAPI 3.1, made from the endpoints themselves.
package struct OpenAPIDocument: Sendable {
    private let endpoints: [Endpoint]
    private let limits: Limits
    private let version: String

    package init(limits: Limits, version: String) {
        self.init(endpoints: APIRoutes.all(limits), limits: limits, version: version)
    }

    init(endpoints: [Endpoint], limits: Limits, version: String) {
        self.endpoints = endpoints
        self.limits = limits
        self.version = version
    }

    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(document) else { preconditionFailure("a document that is not JSON") }
        return String(decoding: bytes, as: UTF8.self)
    }

    var document: Schema {
        var paths: [String: [String: Schema]] = [:]
        for endpoint in endpoints {
            paths[endpoint.path, default: [:]][endpoint.method.rawValue.lowercased()] = operation(endpoint)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Parley", "version": .string(version),
                "description": "The HTTP API. The real-time protocol is described in docs/protocol.md.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "security": [["accessToken": []]],
            "paths": .object(paths.mapValues(Schema.object)),
            "components": [
                "schemas": .object(Schemas.all(limits)),
                "securitySchemes": [
                    "accessToken": [
                        "type": "http", "scheme": "bearer",
                        "description": "What signing in gives (JWT), or a token for programs that has the scope.",
                    ],
                    "signIn": [
                        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                        "description": "What signing in gives; no token for programs.",
                    ],
                ],
            ],
        ]
    }

    private func operation(_ endpoint: Endpoint) -> Schema {
        var operation: [String: Schema] = [
            "operationId": .string(endpoint.id), "summary": .string(endpoint.summary),
            "responses": .object(responses(endpoint)),
        ]
        let parameters = parameters(endpoint)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        switch endpoint.access {
        case .everybody: operation["security"] = []
        case .scope(let scope): operation["security"] = [["accessToken": [.string(scope.rawValue)]]]
        case .person: operation["security"] = [["signIn": []]]
        }
        if let body = endpoint.body {
            operation["requestBody"] = ["required": true, "content": ["application/json": ["schema": body]]]
        }
        return .object(operation)
    }

    private func parameters(_ endpoint: Endpoint) -> [Schema] {
        let path = endpoint.pathParameters.map { name -> Schema in
            ["name": .string(name), "in": "path", "required": true, "schema": .text(min: 1, max: 64)]
        }
        let query = endpoint.query.map { parameter -> Schema in
            [
                "name": .string(parameter.name), "in": "query", "required": false,
                "description": .string(parameter.summary), "schema": parameter.schema,
            ]
        }
        return path + query
    }

    private func responses(_ endpoint: Endpoint) -> [String: Schema] {
        var responses: [String: Schema] = [:]
        for (status, codes) in refusals(endpoint) {
            responses[status] = [
                "description": .string(codes.map(\.rawValue).sorted().joined(separator: ", ")),
                "content": ["application/problem+json": ["schema": .named("Problem")]],
            ]
        }
        var success: [String: Schema] = ["description": .string(endpoint.success.reasonPhrase)]
        if let answer = endpoint.answer { success["content"] = ["application/json": ["schema": answer]] }
        let links = OpenAPILinks(endpoints: endpoints, schemas: Schemas.all(limits)).links(from: endpoint)
        if !links.isEmpty { success["links"] = .object(links) }
        responses[String(endpoint.success.code)] = .object(success)
        return responses
    }

    /// The refusals of an endpoint by status: its own, and those that come with what it takes.
    private func refusals(_ endpoint: Endpoint) -> [String: [ChatError.Code]] {
        var codes = endpoint.refusals + [.internal, .storageUnavailable, .notReady, .badRequest]
        if !endpoint.isPublic {
            codes += [.credentialsMissing, .tokenMissing, .tokenInvalid, .tokenAlgorithm, .tokenExpired, .userGone]
            codes += [
                .sessionEnded, .sessionExpired, .accountDisabled, .secondFactorRequired, .csrfFailed, .emailUnverified,
                .scopeMissing,
            ]
        }
        if endpoint.body != nil {
            codes += [.invalidJSON, .missingField, .invalidField, .unsupportedMediaType, .bodyTooLarge]
        }
        if !endpoint.query.isEmpty { codes.append(.invalidField) }
        if !endpoint.pathParameters.isEmpty { codes.append(.routeNotFound) }
        return Dictionary(grouping: Set(codes)) { String($0.status.code) }
    }
}
