import HTTPTypes
import Hummingbird
import Model

/// One operation of the JSON API: where it is, what it takes and gives, and what it does. The router and the OpenAPI
/// document are both made from these, so neither can say what the other does not.
struct Endpoint: Sendable {
    /// Its name in the OpenAPI document.
    let id: String
    let method: HTTPRequest.Method
    /// With a slash at its end; answered without it as well.
    let path: String
    let summary: String
    /// Who may ask. There is no default: an operation without one does not compile.
    let access: Access
    let query: [Parameter]
    /// What the request's JSON looks like; `nil` where it has none.
    let body: Schema?
    let success: HTTPResponse.Status
    /// What the answer's JSON looks like; `nil` where it has none.
    let answer: Schema?
    /// The refusals that are this operation's own, besides those that any may give.
    let refusals: [ChatError.Code]
    let respond: @Sendable (APICall) async throws -> Response

    /// - Parameter answer: the schema of what `respond` returns.
    init<Answer: Encodable & Sendable>(
        _ id: String, _ method: HTTPRequest.Method, _ path: String, _ summary: String, access: Access,
        query: [Parameter] = [], body: Schema? = nil, success: HTTPResponse.Status = .ok, answer: Schema,
        refusals: [ChatError.Code] = [], respond: @escaping @Sendable (APICall) async throws -> Answer
    ) {
        self.init(
            id, method, path, summary, access: access, query: query, body: body, success: success, answer: answer,
            refusals: refusals, response: { Response(status: success, json: try await respond($0)) })
    }

    /// An operation that answers with nothing but its success (204).
    init(
        _ id: String, _ method: HTTPRequest.Method, _ path: String, _ summary: String, access: Access,
        body: Schema? = nil, refusals: [ChatError.Code] = [],
        perform: @escaping @Sendable (APICall) async throws -> Void
    ) {
        self.init(
            id, method, path, summary, access: access, query: [], body: body, success: .noContent, answer: nil,
            refusals: refusals,
            response: {
                try await perform($0)
                return Response(status: .noContent)
            })
    }

    /// An operation that makes its own response, with a status that depends on what it found.
    init(
        _ id: String, _ method: HTTPRequest.Method, _ path: String, _ summary: String, access: Access,
        query: [Parameter] = [], body: Schema?, success: HTTPResponse.Status, answer: Schema?,
        refusals: [ChatError.Code], response: @escaping @Sendable (APICall) async throws -> Response
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.summary = summary
        self.access = access
        self.query = query
        self.body = body
        self.success = success
        self.answer = answer
        self.refusals = refusals
        respond = response
    }

    /// A query parameter. All are optional.
    struct Parameter: Sendable {
        let name: String
        let summary: String
        let schema: Schema
    }

    /// Open also to who still lacks the second factor that their role asks for: signing out.
    var isForSettingUp: Bool { id == "logout" }

    var isPublic: Bool { access == .everybody }
    var changesSomething: Bool { method != .get }

    /// The names in braces in the path.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
