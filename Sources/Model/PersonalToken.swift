/// An access token that somebody made for a program, without the token itself: of it only a hash is kept. It is a sign-in
/// of its own, so that it ends as sign-ins end.
package struct PersonalToken: Hashable, Sendable {
    package let id: SessionID
    package let name: String
    package let scopes: Set<Scope>
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    /// `nil` where it was never used.
    package let lastUsedAt: Timestamp?
    /// Where it was used last, if that is known.
    package let address: String?

    package init(
        id: SessionID, name: String, scopes: Set<Scope>, createdAt: Timestamp, expiresAt: Timestamp,
        lastUsedAt: Timestamp?, address: String?
    ) {
        self.id = id
        self.name = name
        self.scopes = scopes
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.address = address
    }
}
