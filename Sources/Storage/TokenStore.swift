package import Foundation
package import Model

/// An access token to be recorded. Its fields are already checked.
package struct NewToken: Sendable {
    package let user: UserID
    /// SHA-256 of the token.
    package let hash: Data
    package let name: String
    package let scopes: Set<Scope>
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package init(
        user: UserID, hash: Data, name: String, scopes: Set<Scope>, createdAt: Timestamp, expiresAt: Timestamp
    ) {
        self.user = user
        self.hash = hash
        self.name = name
        self.scopes = scopes
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// Access tokens that people make for programs. Each is a sign-in: `SessionStore` finds it by its hash.
package protocol TokenStore: Sendable {
    /// - Parameter max: most tokens of one person.
    /// - Throws: `too_many_tokens`.
    func create(_ token: NewToken, max: Int, audit: NewAuditEntry?) async throws -> PersonalToken
    /// Those that were not revoked, the newest first.
    func tokens(of user: UserID) async throws -> [PersonalToken]
    /// - Returns: whether the person had this one.
    func revoke(_ id: SessionID, of user: UserID, audit: NewAuditEntry?) async throws -> Bool
}
