package import Auth
package import Model
import Storage

extension Chat {
    /// Makes an access token for a program of one's own. It outlives signing out and a changed password, so that the
    /// password is asked for.
    ///
    /// - Parameter days: how long it lasts, from 1 to the setting.
    /// - Returns: the token itself as well, which is nowhere else.
    /// - Throws: `scope_missing`, `email_unverified`, `invalid_field` with the field `name`, `scopes`, `days` or `password`,
    ///   `too_many_tokens`, `too_many_requests`.
    package func createToken(
        name: String, scopes: Set<Scope>, days: Int64, password: String, by principal: Principal, from client: Client
    ) async throws -> (token: MarkedToken, record: PersonalToken) {
        try principal.require(Access.person)
        try principal.requireVerified()
        let name = try checkToken(name: name, scopes: scopes, days: days)
        try await authenticator.confirm(password, of: principal, field: "password", from: client)
        try roomRate.take(principal.user)
        return try await authenticator.makeToken(for: principal.user, name: name, scopes: scopes, lasting: .days(days))
    }

    /// One's own access tokens that were not revoked, the newest first.
    package func tokens(of principal: Principal) async throws -> [PersonalToken] {
        try principal.require(Access.person)
        return try await stores.tokens.tokens(of: principal.user)
    }

    /// Ends an access token of one's own, and its sockets.
    /// - Throws: `scope_missing`, `token_not_found`.
    package func revokeToken(_ id: SessionID, by principal: Principal) async throws {
        try principal.require(Access.person)
        try await revokeToken(id, of: principal.user, audit: nil)
    }

    func revokeToken(_ id: SessionID, of user: UserID, audit: NewAuditEntry?) async throws {
        guard try await stores.tokens.revoke(id, of: user, audit: audit) else {
            throw ChatError(.tokenNotFound, "There is no such token, or it was revoked already.")
        }
        publish(.sessionEnded(id))
    }

    /// - Returns: the name as it is kept.
    /// - Throws: `invalid_field`.
    func checkToken(name: String, scopes: Set<Scope>, days: Int64) throws -> String {
        let name = try Rules.name(name, field: "name", limits: limits)
        guard !scopes.isEmpty else {
            throw ChatError(.invalidField, "Choose at least one thing that the token may do.", field: "scopes")
        }
        guard (1...limits.tokenDaysMax).contains(days) else {
            throw ChatError(.invalidField, "A token lasts 1 to \(limits.tokenDaysMax) days.", field: "days")
        }
        return name
    }
}
