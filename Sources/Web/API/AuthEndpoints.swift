import Auth
import Chat
import Hummingbird
import Logging
import Model

enum AuthEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        let password = Schema.text(min: limits.passwordCharactersMin, max: limits.passwordBytesMax)
        return [
            Endpoint(
                "register", .post, "/api/auth/register/", "Make an account and sign in to it", access: .everybody,
                body: .fields(
                    [
                        "username": Schemas.username, "password": password,
                        "name": .text(max: limits.nameCharactersMax), "email": Schemas.email, "invitation": .anyString,
                    ], optional: ["name", "email", "invitation"]),
                success: .created, answer: .named("TokenPair"),
                refusals: [.usernameTaken, .registrationClosed, .invitationInvalid, .tooBusy, .tooManyRequests],
                respond: register),
            Endpoint(
                "login", .post, "/api/auth/login/",
                "Sign in with a password, and with a code where the account has a second factor", access: .everybody,
                body: .fields(
                    ["username": .anyString, "password": .anyString, "code": .anyString], optional: ["code"]),
                answer: .named("TokenPair"),
                refusals: [.wrongPassword, .codeRequired, .codeWrong, .accountDisabled, .tooBusy, .tooManyRequests],
                respond: login),
            Endpoint(
                "refresh", .post, "/api/auth/refresh/",
                "Trade a refresh token for a new pair; one that was traded before ends its sign-in", access: .everybody,
                body: .fields(["refresh": .anyString]), answer: .named("RefreshedTokenPair"),
                refusals: [.tokenInvalid, .tokenExpired, .tokenReused], respond: refresh),
            Endpoint(
                "me", .get, "/api/auth/me/", "Who is signed in", access: .scope(.accountRead), answer: .named("User"),
                respond: me),
            Endpoint(
                "logout", .post, "/api/auth/logout/", "End this sign-in and its sockets", access: .person,
                perform: logout),
            Endpoint(
                "wsTicket", .post, "/api/auth/ws-ticket/",
                "A ticket that opens one socket, for clients that can send neither header nor cookie",
                access: .scope(.messagesRead),
                success: .created, answer: .named("Ticket"), respond: ticket),
        ]
    }

    struct UserAnswer: Encodable, Sendable {
        let id: Int64
        let username: String
        let name: String
        let role: Role

        init(_ user: User) {
            (id, username, name, role) = (user.id.rawValue, user.username, user.name, user.role)
        }

        init(_ principal: Principal) {
            (id, username, name, role) = (
                principal.user.rawValue, principal.username, principal.name, principal.role
            )
        }
    }

    private struct TokenPairAnswer: Encodable, Sendable {
        let access: String
        let refresh: String
        /// Seconds until the access token expires.
        let expiresIn: Int64
        let user: UserAnswer?

        init(_ pair: Authenticator.TokenPair, user: User? = nil) {
            access = pair.access
            refresh = pair.refresh
            expiresIn = pair.expiresIn.count
            self.user = user.map(UserAnswer.init)
        }
    }

    private struct TicketAnswer: Encodable, Sendable {
        let ticket: String
        let expiresIn: Int64
    }

    private struct Registration: Decodable {
        let username: String
        let password: String
        let name: String?
        let email: String?
        let invitation: String?
    }

    private struct Credentials: Decodable {
        let username: String
        let password: String
        let code: String?
    }

    private struct RefreshRequest: Decodable {
        let refresh: String
    }

    @Sendable private static func register(_ call: APICall) async throws -> TokenPairAnswer {
        let body = try await call.body(Registration.self)
        let user = try await call.site.register(
            username: body.username, name: body.name, password: body.password, email: body.email,
            invitation: body.invitation, call.request, call.context)
        return TokenPairAnswer(
            try await call.site.authenticator.openAPISession(for: user, from: call.client), user: user)
    }

    @Sendable private static func login(_ call: APICall) async throws -> TokenPairAnswer {
        let body = try await call.body(Credentials.self)
        let user = try await call.site.loggingFailure(call.context) {
            try await call.site.authenticator.checkCredentials(
                username: body.username, password: body.password, code: body.code, from: call.client)
        }
        call.site.logSignIn(of: user, call.context)
        return TokenPairAnswer(
            try await call.site.authenticator.openAPISession(for: user, from: call.client), user: user)
    }

    @Sendable private static func refresh(_ call: APICall) async throws -> TokenPairAnswer {
        let body = try await call.body(RefreshRequest.self)
        return TokenPairAnswer(
            try await call.site.authenticator.refresh(body.refresh, onReuse: call.site.chat.sessionWasEnded))
    }

    @Sendable private static func me(_ call: APICall) async throws -> UserAnswer {
        UserAnswer(try call.principal)
    }

    @Sendable private static func logout(_ call: APICall) async throws {
        try await call.site.chat.endSession(call.principal.session)
    }

    @Sendable private static func ticket(_ call: APICall) async throws -> TicketAnswer {
        try call.principal.requireVerified()
        let (ticket, expiresIn) = try call.site.authenticator.issueTicket(for: call.principal)
        return TicketAnswer(ticket: ticket, expiresIn: expiresIn.count)
    }
}
