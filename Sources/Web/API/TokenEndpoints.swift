import Auth
import Chat
import Hummingbird
import Model

/// One's own access tokens for programs.
enum TokenEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        [
            Endpoint(
                "listTokens", .get, "/api/profile/tokens/", "My access tokens for programs", access: .person,
                answer: .fields(["tokens": .list(of: .named("PersonalToken"))]),
                respond: { call in
                    TokensAnswer(tokens: try await call.site.chat.tokens(of: call.principal).map(TokenAnswer.init))
                }),
            Endpoint(
                "createToken", .post, "/api/profile/tokens/",
                "Make an access token for a program; the answer is the only place where it is", access: .person,
                body: .fields([
                    "name": .text(min: 1, max: limits.nameCharactersMax),
                    "scopes": ["type": "array", "items": Schemas.scope, "minItems": 1],
                    "days": .integer(min: 1, max: Int(limits.tokenDaysMax)), "password": .anyString,
                ]),
                success: .created,
                answer: .fields(["token": .anyString, "record": .named("PersonalToken")]),
                refusals: [.tooManyTokens, .tooManyRequests, .tooBusy], respond: create),
            Endpoint(
                "revokeToken", .delete, "/api/profile/tokens/{id}/", "Revoke one of my access tokens",
                access: .person, refusals: [.tokenNotFound],
                perform: { call in try await call.site.chat.revokeToken(call.session(), by: call.principal) }),
        ]
    }

    private struct TokensAnswer: Encodable, Sendable {
        let tokens: [TokenAnswer]
    }

    private struct NewTokenAnswer: Encodable, Sendable {
        let token: String
        let record: TokenAnswer
    }

    private struct NewTokenRequest: Decodable {
        let name: String
        let scopes: [String]
        let days: Int64
        let password: String
    }

    @Sendable private static func create(_ call: APICall) async throws -> NewTokenAnswer {
        let body = try await call.body(NewTokenRequest.self)
        let scopes = body.scopes.compactMap(Scope.init(rawValue:))
        guard scopes.count == body.scopes.count else {
            throw ChatError(.invalidField, "There is no such scope.", field: "scopes")
        }
        let made = try await call.site.chat.createToken(
            name: body.name, scopes: Set(scopes), days: body.days, password: body.password, by: call.principal,
            from: call.client)
        return NewTokenAnswer(token: made.token.text, record: TokenAnswer(made.record))
    }
}

/// An access token, without what opens.
struct TokenAnswer: Encodable, Sendable {
    let id: Int64
    let name: String
    let scopes: [String]
    let createdAt: Timestamp
    let expiresAt: Timestamp
    let lastUsedAt: Timestamp?
    let address: String?

    init(_ token: PersonalToken) {
        (id, name, scopes) = (token.id.rawValue, token.name, token.scopes.map(\.rawValue).sorted())
        (createdAt, expiresAt) = (token.createdAt, token.expiresAt)
        (lastUsedAt, address) = (token.lastUsedAt, token.address)
    }
}
