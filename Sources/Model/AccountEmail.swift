/// What is known of how to reach somebody by mail.
package struct AccountEmail: Hashable, Sendable {
    /// They have shown that mail to it reaches them; no other account has the same.
    package let verified: EmailAddress?
    package let verifiedAt: Timestamp?
    /// One that they say is theirs, and have yet to show.
    package let claim: EmailClaim?

    package init(verified: EmailAddress? = nil, verifiedAt: Timestamp? = nil, claim: EmailClaim? = nil) {
        self.verified = verified
        self.verifiedAt = verifiedAt
        self.claim = claim
    }
}

/// An address that somebody says is theirs. Others may say the same: who shows it first has it.
package struct EmailClaim: Hashable, Sendable {
    package let address: EmailAddress
    package let createdAt: Timestamp
    /// When its code expires. The claim stays.
    package let expiresAt: Timestamp
    /// Wrong codes so far.
    package let tries: Int

    package init(address: EmailAddress, createdAt: Timestamp, expiresAt: Timestamp, tries: Int) {
        self.address = address
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.tries = tries
    }
}
