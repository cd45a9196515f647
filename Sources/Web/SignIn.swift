import Auth
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

    /// Checks a username and password, and says in the log how it went: one line a try, never with the password, nor with
    /// a name that may be a password typed into the wrong field.
    func checkPassword(
        username: String, password: String, _ request: Request, _ context: WebContext
    ) async throws -> User {
        do {
            let user = try await authenticator.checkPassword(
                username: username, password: password, from: client(of: request, context))
            context.logger.info(
                "signed in", metadata: ["user": "\(user.id.rawValue)", "username": "\(user.username)"])
            return user
        } catch let error as ChatError {
            frontDoor.authenticationFailed(reason: error.code, of: context.visitor)
            throw error
        }
    }

    /// - Throws: `registration_closed`, `username_taken`, `invalid_field`, `too_many_requests`.
    func register(
        username: String, name: String?, password: String, _ request: Request, _ context: WebContext
    ) async throws -> User {
        guard settings.isRegistrationOpen else {
            throw ChatError(.registrationClosed, "This server does not take new accounts by itself. Ask its operator.")
        }
        let user = try await authenticator.register(
            username: username, name: name, password: password, from: client(of: request, context))
        context.logger.info(
            "registered", metadata: ["user": "\(user.id.rawValue)", "username": "\(user.username)"])
        return user
    }
}
