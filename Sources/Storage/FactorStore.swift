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

/// Second factors and recovery codes, of which only hashes are kept. There are recovery codes as long as there is a
/// second factor of any kind.
package protocol FactorStore: Sendable {
    /// What the person has.
    func kinds(of user: UserID) async throws -> Set<FactorKind>
    /// `nil` where the person has none.
    func factor(of user: UserID) async throws -> SecondFactor?
    /// Turns it on, with recovery codes instead of those before. What is on is not replaced.
    /// - Throws: `form_stale`, where it is on.
    func set(_ factor: SecondFactor, recoveryHashes: Set<Data>, of user: UserID) async throws
    /// Uses up the codes of a period and of all before.
    /// - Returns: whether they were not used up yet: of two tries at once one loses.
    func advance(to step: Int64, of user: UserID) async throws -> Bool
    func recoveryHashes(of user: UserID) async throws -> Set<Data>
    /// - Returns: whether it was there: of two tries at once one loses.
    func useRecovery(_ hash: Data, of user: UserID) async throws -> Bool
    /// - Returns: whether the person has a second factor, of any kind: else there are no recovery codes.
    func replaceRecovery(_ hashes: Set<Data>, of user: UserID) async throws -> Bool
    /// Turns the codes off. Recovery codes stay where there are passkeys.
    /// - Returns: whether they were on.
    func remove(of user: UserID, audit: NewAuditEntry?) async throws -> Bool
    /// Turns everything off: codes, recovery codes, passkeys.
    /// - Returns: whether there was anything.
    func removeAll(of user: UserID, audit: NewAuditEntry) async throws -> Bool
}
