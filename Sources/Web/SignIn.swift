import Auth
import Hummingbird
import Logging
import Model

extension Site {
    /// Checks a username and password, and says in the log how it went. The log is what fail2ban and the operator read:
    /// one line a try, with the address; never the password, nor a name that may be a password typed into the wrong field.
    func checkPassword(username: String, password: String, context: WebContext) async throws -> User {
        do {
            let user = try await authenticator.checkPassword(username: username, password: password)
            context.logger.info(
                "signed in", metadata: ["user": "\(user.id.rawValue)", "username": "\(user.username)"])
            return user
        } catch let error as ChatError {
            context.logger.notice("sign-in refused", metadata: ["reason": "\(error.code.rawValue)"])
            throw error
        }
    }

    /// - Throws: `registration_closed`, `username_taken`, `invalid_field`.
    func register(username: String, name: String?, password: String, context: WebContext) async throws -> User {
        guard settings.isRegistrationOpen else {
            throw ChatError(.registrationClosed, "This server does not take new accounts by itself. Ask its operator.")
        }
        let user = try await authenticator.register(username: username, name: name, password: password)
        context.logger.info(
            "registered", metadata: ["user": "\(user.id.rawValue)", "username": "\(user.username)"])
        return user
    }
}
