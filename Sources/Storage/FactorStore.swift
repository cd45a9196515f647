package import Foundation
package import Model

/// Somebody's second factor: one-time codes by time.
package struct SecondFactor: Hashable, Sendable {
    /// Encrypted; `Auth` has the key.
    package let sealedSecret: Data
    /// The latest period that a code was accepted of: codes of it and of those before are used up.
    package let lastStep: Int64

    package init(sealedSecret: Data, lastStep: Int64) {
        self.sealedSecret = sealedSecret
        self.lastStep = lastStep
    }
}

/// Second factors and recovery codes, of which only hashes are kept.
package protocol FactorStore: Sendable {
    /// `nil` where the person has none.
    func factor(of user: UserID) async throws -> SecondFactor?
    /// Turns it on, or replaces what was there, recovery codes included.
    func set(_ factor: SecondFactor, recoveryHashes: Set<Data>, of user: UserID) async throws
    /// Uses up the codes of a period and of all before.
    /// - Returns: whether they were not used up yet: of two tries at once one loses.
    func advance(to step: Int64, of user: UserID) async throws -> Bool
    func recoveryHashes(of user: UserID) async throws -> Set<Data>
    /// - Returns: whether it was there: of two tries at once one loses.
    func useRecovery(_ hash: Data, of user: UserID) async throws -> Bool
    /// - Returns: whether the person has a second factor, which alone has recovery codes.
    func replaceRecovery(_ hashes: Set<Data>, of user: UserID) async throws -> Bool
    /// Turns it off.
    /// - Returns: whether it was on.
    func remove(of user: UserID, audit: NewAuditEntry?) async throws -> Bool
}
