import Auth
package import Model
import Storage

extension Chat {
    /// Disables an account, or enables it again. Its sign-ins and sockets end.
    /// - Throws: `user_not_found`.
    package func setDisabled(_ isDisabled: Bool, username: String) async throws -> User {
        let user = try await user(named: username)
        _ = try await stores.users.setDisabled(isDisabled, of: user.id)
        if isDisabled {
            _ = try await stores.sessions.endAll(of: user.id, but: nil)
            publish(.accountDisabled(user.id))
        }
        return user
    }

    /// - Throws: `user_not_found`.
    package func setRole(_ role: Role, username: String) async throws -> User {
        let user = try await user(named: username)
        _ = try await stores.users.setRole(role, of: user.id)
        return user
    }

    /// - Throws: `user_not_found`, `invalid_field`.
    package func setPassword(_ password: String, username: String) async throws -> User {
        let user = try await user(named: username)
        try await authenticator.setPassword(password, of: user.id)
        return user
    }

    private func user(named username: String) async throws -> User {
        guard let user = try await stores.users.user(named: username.lowercased()) else {
            throw ChatError(.userNotFound, "There is nobody called \(username.excerpt(64)).", field: "username")
        }
        return user
    }
}
