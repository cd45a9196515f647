package import Foundation
package import Model

/// A claim to be recorded. One before it is of no use any more.
package struct NewEmailClaim: Hashable, Sendable {
    package let address: EmailAddress
    /// Of the code that was sent there, under a key that is not in the database: six digits are soon tried out.
    package let codeHash: Data
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package init(address: EmailAddress, codeHash: Data, createdAt: Timestamp, expiresAt: Timestamp) {
        self.address = address
        self.codeHash = codeHash
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// The address of a new account.
package enum NewEmail: Hashable, Sendable {
    /// Somebody whom we believe vouches for it: the operator, or a provider of sign-ins.
    case verified(EmailAddress)
    case claimed(NewEmailClaim)

    package var address: EmailAddress {
        switch self {
        case .verified(let address): address
        case .claimed(let claim): claim.address
        }
    }
}

/// What became of a code.
package enum ClaimOutcome: Hashable, Sendable {
    /// - Parameter before: what was verified until now.
    case verified(EmailAddress, before: EmailAddress?)
    case wrong
    /// Its time is over, or it had as many tries as it may have.
    case expired
    /// It is right, but another account has shown the same address meanwhile.
    case taken
    /// There is nothing to verify.
    case none
}

/// Addresses of accounts. Two addresses are the same where `EmailAddress.normalized` is.
package protocol EmailStore: Sendable {
    func email(of user: UserID) async throws -> AccountEmail
    /// Of everybody who has one, for the operator.
    func allEmails() async throws -> [UserID: AccountEmail]
    /// The account that has verified an address.
    func owner(of address: EmailAddress) async throws -> User?
    /// Records a claim in place of any before it.
    func claim(_ claim: NewEmailClaim, of user: UserID) async throws
    /// Looks at a code, and counts the try, in one commit. The right one makes the address the account's, and ends links to
    /// reset the password that went to another.
    /// - Parameters:
    ///   - address: the claim's, as it was when the code was hashed.
    ///   - triesMax: wrong codes that a claim may have.
    func confirm(
        _ address: EmailAddress, codeHash: Data, of user: UserID, triesMax: Int, at now: Timestamp
    ) async throws -> ClaimOutcome
    /// Makes an address the account's without a code, in place of any before it and any claim.
    /// - Returns: what was verified until now.
    /// - Throws: `email_taken`, `user_not_found`.
    func setVerified(
        _ address: EmailAddress, of user: UserID, at now: Timestamp, audit: NewAuditEntry?
    ) async throws -> EmailAddress?
    /// Forgets address and claim.
    /// - Returns: what was verified until now.
    func remove(of user: UserID, audit: NewAuditEntry?) async throws -> EmailAddress?
}
