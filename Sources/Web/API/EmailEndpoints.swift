import Chat
import Hummingbird
import Model

/// A person's own address, and getting back in by it.
enum EmailEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        let password = Schema.text(min: limits.passwordCharactersMin, max: limits.passwordBytesMax)
        return [
            Endpoint(
                "getEmail", .get, "/api/auth/email/", "My address", access: .person, answer: .named("Email"),
                respond: email),
            Endpoint(
                "claimEmail", .post, "/api/auth/email/",
                "Say that an address is mine, and have a code sent to it; that before stays until the code is right",
                access: .person,
                body: .fields(["email": Schemas.email, "password": .anyString]), answer: .named("Email"),
                refusals: [.noMail, .tooManyRequests, .tooBusy], respond: claim),
            Endpoint(
                "resendEmailCode", .post, "/api/auth/email/resend/", "Have another code sent", access: .person,
                refusals: [.noMail, .emailCodeExpired, .tooManyRequests],
                perform: { call in try await call.site.chat.resendEmailCode(by: call.principal) }),
            Endpoint(
                "verifyEmail", .post, "/api/auth/email/verify/", "Show that mail to my address reaches me",
                access: .person,
                body: .fields(["code": .anyString]), answer: .named("Email"),
                refusals: [.noMail, .emailCodeWrong, .emailCodeExpired, .emailTaken], respond: verify),
            Endpoint(
                "removeEmail", .post, "/api/auth/email/remove/", "Forget my address", access: .person,
                body: .fields(["password": .anyString]), refusals: [.notAllowed, .tooManyRequests, .tooBusy],
                perform: remove),
            Endpoint(
                "requestPasswordReset", .post, "/api/auth/password/reset/",
                "Send a link to set a new password, where there is such an account with a verified address",
                access: .everybody,
                body: .fields(["account": .text(min: 1, max: EmailAddress.octetsMax)]),
                refusals: [.noMail, .tooManyRequests],
                perform: { call in
                    let body = try await call.body(Account.self)
                    try call.site.chat.requestReset(of: body.account, from: call.client)
                }),
            Endpoint(
                "resetPassword", .post, "/api/auth/password/new/",
                "Set a new password by the token of such a link; all sign-ins end", access: .everybody,
                body: .fields(["token": .anyString, "password": password]), refusals: [.resetInvalid, .tooBusy],
                perform: { call in
                    let body = try await call.body(NewPassword.self)
                    try await call.site.chat.resetPassword(body.token, to: body.password)
                }),
        ]
    }

    private struct EmailAnswer: Encodable, Sendable {
        let email: String?
        let pending: String?
        let codeExpiresAt: Timestamp?
        /// Whether one may do anything else before an address is verified.
        let isNeeded: Bool

        enum CodingKeys: CodingKey { case email, pending, codeExpiresAt, isNeeded }

        // Written by hand, since what there is none of is null.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(email, forKey: .email)
            try container.encode(pending, forKey: .pending)
            try container.encode(codeExpiresAt, forKey: .codeExpiresAt)
            try container.encode(isNeeded, forKey: .isNeeded)
        }
    }

    private struct Claim: Decodable {
        let email: String
        let password: String
    }

    private struct Code: Decodable {
        let code: String
    }

    private struct Password: Decodable {
        let password: String
    }

    private struct Account: Decodable {
        let account: String
    }

    private struct NewPassword: Decodable {
        let token: String
        let password: String
    }

    @Sendable private static func email(_ call: APICall) async throws -> EmailAnswer {
        let email = try await call.site.chat.email(of: call.principal)
        return EmailAnswer(
            email: email.verified?.description, pending: email.claim?.address.description,
            codeExpiresAt: email.claim?.expiresAt, isNeeded: call.site.chat.needsEmail)
    }

    @Sendable private static func claim(_ call: APICall) async throws -> EmailAnswer {
        let body = try await call.body(Claim.self)
        try await call.site.chat.claimEmail(
            body.email, password: body.password, by: call.principal, client: call.client)
        return try await email(call)
    }

    @Sendable private static func verify(_ call: APICall) async throws -> EmailAnswer {
        let body = try await call.body(Code.self)
        try await call.site.chat.verifyEmail(body.code, by: call.principal)
        return try await email(call)
    }

    @Sendable private static func remove(_ call: APICall) async throws {
        let body = try await call.body(Password.self)
        try await call.site.chat.removeEmail(password: body.password, by: call.principal, client: call.client)
    }
}
