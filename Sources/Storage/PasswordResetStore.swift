package import Foundation
package import Model

/// Links by which a lost password is replaced. Tokens are kept as hashes only.
package protocol PasswordResetStore: Sendable {
    /// Records one, and forgets those of everybody that have expired.
    func create(tokenHash: Data, of user: UserID, at now: Timestamp, expiresAt: Timestamp) async throws
    /// Whose link it is; `nil` where it has expired or was used, or where the account is disabled. It is not used up.
    func owner(ofTokenHash hash: Data, at now: Timestamp) async throws -> User?
    /// Uses a link up, with all others of the account: sets the password's hash, and ends all sign-ins, in one commit.
    /// - Returns: the sign-ins that were ended; `nil` where the link is of no use (any more).
    func redeem(
        tokenHash: Data, passwordHash: String, at now: Timestamp
    ) async throws -> (user: User, ended: [SessionID])?
}
