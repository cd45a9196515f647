import Auth
import Chat
import Hummingbird
import Model

/// One's own account: what `/profile/` does, for programs.
enum ProfileEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        let password = Schema.text(min: limits.passwordCharactersMin, max: limits.passwordBytesMax)
        return [
            Endpoint(
                "getProfile", .get, "/api/profile/", "My account", access: .scope(.accountRead),
                answer: .named("User"), respond: { call in AuthEndpoints.UserAnswer(try call.principal) }),
            Endpoint(
                "changeProfile", .patch, "/api/profile/", "Change the name that is shown",
                access: .scope(.accountWrite),
                body: .fields(["name": .text(min: 1, max: limits.nameCharactersMax)]),
                refusals: [.tooManyRequests],
                perform: { call in
                    try await call.site.chat.editProfile(name: call.body(NameRequest.self).name, by: call.principal)
                }),
            Endpoint(
                "changePassword", .post, "/api/profile/password/",
                "Change my password, and sign out everywhere else", access: .person,
                body: .fields(
                    ["current": .anyString, "password": password, "revokeTokens": .boolean],
                    optional: ["revokeTokens"]),
                refusals: [.tooManyRequests, .tooBusy], perform: changePassword),
            Endpoint(
                "getSecondFactor", .get, "/api/profile/second-factor/", "Whether my second factor is on",
                access: .person, answer: .named("SecondFactor"), respond: secondFactor),
            Endpoint(
                "listSessions", .get, "/api/profile/sessions/", "Where I am signed in", access: .person,
                answer: .fields(["sessions": .list(of: .named("Session"))]), respond: sessions),
            Endpoint(
                "endOtherSessions", .post, "/api/profile/sessions/end/", "Sign out everywhere else",
                access: .person,
                perform: { call in
                    let me = try call.principal
                    try await call.site.chat.endSessions(of: me.user, but: me.session)
                }),
            Endpoint(
                "endSession", .delete, "/api/profile/sessions/{id}/", "End one of my sign-ins", access: .person,
                refusals: [.sessionNotFound],
                perform: { call in try await call.site.chat.endSession(call.session(), by: call.principal) }),
        ]
    }

    private struct NameRequest: Decodable {
        let name: String
    }

    private struct PasswordRequest: Decodable {
        let current: String
        let password: String
        let revokeTokens: Bool?
    }

    private struct SecondFactorAnswer: Encodable, Sendable {
        let isOn: Bool
        let recoveryCodesLeft: Int
    }

    private struct SessionsAnswer: Encodable, Sendable {
        let sessions: [SessionAnswer]
    }

    private struct SessionAnswer: Encodable, Sendable {
        let id: Int64
        let kind: String
        let device: String
        let createdAt: Timestamp
        let lastUsedAt: Timestamp
        let address: String?
        let isCurrent: Bool

        init(_ session: SessionView, current: SessionID) {
            (id, kind, device) = (session.id.rawValue, session.kind.rawValue, Device(session).name)
            (createdAt, lastUsedAt) = (session.createdAt, session.lastUsedAt)
            (address, isCurrent) = (session.address, session.id == current)
        }
    }

    @Sendable private static func changePassword(_ call: APICall) async throws {
        let body = try await call.body(PasswordRequest.self)
        try await call.site.chat.changePassword(
            from: body.current, to: body.password, by: call.principal, client: call.client,
            endingTokens: body.revokeTokens ?? false)
    }

    @Sendable private static func secondFactor(_ call: APICall) async throws -> SecondFactorAnswer {
        let (twoFactor, user) = (call.site.authenticator.twoFactor, try call.principal.user)
        return SecondFactorAnswer(
            isOn: try await twoFactor.isOn(for: user),
            recoveryCodesLeft: try await twoFactor.recoveryCodesLeft(of: user))
    }

    @Sendable private static func sessions(_ call: APICall) async throws -> SessionsAnswer {
        let me = try call.principal
        let sessions = try await call.site.chat.sessions(of: me)
        return SessionsAnswer(sessions: sessions.map { SessionAnswer($0, current: me.session) })
    }
}

extension APICall {
    /// The sign-in that the path names; what is no number names none.
    func session() throws -> SessionID {
        SessionID(rawValue: Int64(try path("id")) ?? 0)
    }
}
