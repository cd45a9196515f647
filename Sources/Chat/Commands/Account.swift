import Auth
package import Model
import Storage

/// What people do with their own accounts.
extension Chat {
    /// Everybody else who is signed in to the account is signed out.
    /// - Parameter endingTokens: whether access tokens end as well.
    /// - Throws: `invalid_field` with the field `current` or `password`, `too_many_requests`.
    package func changePassword(
        from current: String, to new: String, by principal: Principal, client: Client, endingTokens: Bool = false
    ) async throws {
        try principal.require(Access.person)
        try authenticator.passwords.check(new)
        try await authenticator.confirm(current, of: principal, field: "current", from: client)
        let ended = try await authenticator.setPassword(
            new, of: principal.user, keeping: principal.session, endingTokens: endingTokens)
        if !ended.isEmpty { publish(.sessionsEnded(Set(ended))) }
        tell(.passwordChanged, principal.user)
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
