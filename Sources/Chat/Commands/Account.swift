import Auth
package import Model
import Storage

/// What people do with their own accounts.
extension Chat {
    /// - Throws: `invalid_field`.
    package func setName(_ name: String, by principal: Principal) async throws {
        let name = try Rules.name(name, field: "name", limits: limits)
        _ = try await stores.users.setName(name, of: principal.user)
    }

    /// Everybody else who is signed in to the account is signed out.
    /// - Throws: `wrong_password` with the field `current`, `invalid_field` with the field `password`,
    ///   `too_many_requests`.
    package func changePassword(
        from current: String, to new: String, by principal: Principal, client: Client
    ) async throws {
        try Rules.password(new, limits: limits)
        do {
            _ = try await authenticator.checkPassword(
                username: principal.username, password: current, from: client)
        } catch let error as ChatError where error.code == .wrongPassword {
            throw ChatError(.invalidField, "This is not your password.", field: "current")
        }
        try await authenticator.setPassword(new, of: principal.user, audit: nil)
        try await endSessions(of: principal.user, but: principal.session)
    }

    /// Where one is signed in; what was used last is first.
    package func sessions(of principal: Principal) async throws -> [SessionView] {
        try await stores.sessions.sessions(of: principal.user, now: .now)
    }

    /// Whether somebody runs this server already.
    package func hasAdmin() async throws -> Bool {
        try await stores.users.hasAdmin()
    }
}
