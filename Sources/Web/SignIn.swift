import Auth
import Chat
import Hummingbird
import Logging
import Model
import Proxy
import Realtime

extension Site {
    /// Where a request comes from, as far as sign-ins go by it.
    func client(of request: Request, _ context: WebContext) -> Client {
        Client(
            address: context.visitor.address?.description,
            network: frontDoor.network(of: context.visitor)?.description,
            userAgent: request.headers[.userAgent] ?? "")
    }

    /// Says in the log where somebody could not sign in: one line a try, never with the password, nor with a name that
    /// may be a password typed into the wrong field. A client that only has to be told that a code is needed is no
    /// failure. For a wrong password of somebody who is signed in `RequestLog` does the same.
    func loggingFailure<Value>(_ context: WebContext, _ signIn: () async throws -> Value) async throws -> Value {
        do {
            return try await signIn()
        } catch let error as ChatError where error.code != .codeRequired {
            frontDoor.authenticationFailed(reason: error.code, of: context.visitor)
            throw error
        }
    }

    func logSignIn(of user: User, _ context: WebContext) {
        context.logger.info("signed in", metadata: ["user": "\(user.id.rawValue)", "username": "\(user.username)"])
    }

    /// - Throws: `registration_closed`, `invitation_invalid`, `username_taken`, `invalid_field`, `too_many_requests`.
    func register(
        username: String, name: String?, password: String, email: String?, invitation: String?, _ request: Request,
        _ context: WebContext
    ) async throws -> User {
        let token = invitation.flatMap { $0.isEmpty ? nil : OpaqueToken($0) }
        try checkRegistration(isInvited: token != nil)
        let user = try await chat.register(
            username: username, name: name, password: password, email: email,
            admission: token.map { .invitation($0.hash) } ?? .open, from: client(of: request, context))
        context.logger.info(
            "registered", metadata: ["user": "\(user.id.rawValue)", "username": "\(user.username)"])
        return user
    }

    /// - Throws: `registration_closed`.
    func checkRegistration(isInvited: Bool) throws {
        switch settings.registration {
        case .open, .domain: break
        case .invitation where isInvited: break
        case .invitation:
            throw ChatError(.registrationClosed, "New accounts are made by invitation here. Ask somebody for a link.")
        case .closed:
            throw ChatError(.registrationClosed, "This server does not take new accounts by itself. Ask its operator.")
        }
    }
}
