package import Model

/// What a provider says of somebody. Issuer and subject together are the person, for ever.
package struct NewIdentity: Hashable, Sendable {
    package let issuer: String
    package let subject: String
    /// For its owner to recognise; it decides nothing.
    package let email: String?

    package init(issuer: String, subject: String, email: String?) {
        self.issuer = issuer
        self.subject = subject
        self.email = email
    }
}

/// Whose account a provider's word signs in to. One comes with a new account by `UserStore.create`.
package protocol IdentityStore: Sendable {
    func owner(issuer: String, subject: String) async throws -> UserID?
    /// The oldest first.
    func identities(of user: UserID) async throws -> [LinkedIdentity]
    /// - Throws: `identity_taken`, where it belongs to another account; to the same one it is added without a word.
    func add(_ identity: NewIdentity, to user: UserID, audit: NewAuditEntry) async throws
    /// Says that it was used just now, and what address the provider gives now.
    func used(_ identity: NewIdentity, at now: Timestamp) async throws
    /// - Returns: whether the person had it.
    /// - Throws: `last_way_in`, where they could not sign in afterwards.
    func remove(_ id: IdentityID, of user: UserID, audit: NewAuditEntry) async throws -> Bool
}
