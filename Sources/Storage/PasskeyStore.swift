package import Foundation
package import Model

/// A passkey to be kept; what its fields mean says `WebAuthn.NewCredential`.
package struct NewPasskey: Hashable, Sendable {
    package let credential: Data
    package let publicKey: Data
    package let signCount: UInt32
    package let transports: [String]
    package let isBackupEligible: Bool
    package let isBackedUp: Bool
    package let isUserVerified: Bool
    package let isDiscoverable: Bool?
    package let aaguid: Data
    /// For its owner to tell it from others.
    package let name: String

    package init(
        credential: Data, publicKey: Data, signCount: UInt32, transports: [String], isBackupEligible: Bool,
        isBackedUp: Bool, isUserVerified: Bool, isDiscoverable: Bool?, aaguid: Data, name: String
    ) {
        self.credential = credential
        self.publicKey = publicKey
        self.signCount = signCount
        self.transports = transports
        self.isBackupEligible = isBackupEligible
        self.isBackedUp = isBackedUp
        self.isUserVerified = isUserVerified
        self.isDiscoverable = isDiscoverable
        self.aaguid = aaguid
        self.name = name
    }
}

/// Passkeys. Nothing of them is secret but the handle, which says nothing.
package protocol PasskeyStore: Sendable {
    /// What the person's authenticators know them as: what was kept first, for ever.
    /// - Parameter fresh: what it is if there is none yet.
    func handle(of user: UserID, orKeep fresh: Data) async throws -> Data
    /// The oldest first.
    func passkeys(of user: UserID) async throws -> [Passkey]
    func passkey(withCredential credential: Data) async throws -> Passkey?
    /// - Parameter recoveryHashes: kept where this is the person's first second factor.
    /// - Returns: whether it is.
    /// - Throws: `too_many_passkeys`, `passkey_taken`.
    func add(
        _ passkey: NewPasskey, to user: UserID, countMax: Int, recoveryHashes: Set<Data>, audit: NewAuditEntry
    ) async throws -> Bool
    /// Says that it was used. The count never goes down.
    /// - Returns: whether it is there still.
    func used(
        _ id: PasskeyID, signCount: UInt32, isBackedUp: Bool, at now: Timestamp, audit: NewAuditEntry?
    ) async throws -> Bool
    /// - Returns: whether the person has it.
    func rename(_ id: PasskeyID, of user: UserID, to name: String) async throws -> Bool
    /// - Returns: whether the person had it.
    /// - Throws: `last_way_in`, where they could not sign in afterwards.
    func remove(_ id: PasskeyID, of user: UserID, audit: NewAuditEntry) async throws -> Bool
}
