/// What somebody signs in with at a provider, as it belongs to their account.
package struct LinkedIdentity: Hashable, Sendable {
    package let id: IdentityID
    package let issuer: String
    package let email: String?
    package let createdAt: Timestamp
    package let lastUsedAt: Timestamp

    package init(id: IdentityID, issuer: String, email: String?, createdAt: Timestamp, lastUsedAt: Timestamp) {
        self.id = id
        self.issuer = issuer
        self.email = email
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
    }
}
