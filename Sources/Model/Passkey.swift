package import Foundation

/// A passkey of somebody's.
package struct Passkey: Hashable, Sendable {
    package let id: PasskeyID
    package let user: UserID
    /// What the person's authenticators know them as.
    package let handle: Data
    package let credential: Data
    package let publicKey: Data
    package let signCount: UInt32
    package let transports: [String]
    package let isBackupEligible: Bool
    package let isBackedUp: Bool
    package let name: String
    package let createdAt: Timestamp
    package let lastUsedAt: Timestamp?

    package init(
        id: PasskeyID, user: UserID, handle: Data, credential: Data, publicKey: Data, signCount: UInt32,
        transports: [String], isBackupEligible: Bool, isBackedUp: Bool, name: String, createdAt: Timestamp,
        lastUsedAt: Timestamp?
    ) {
        self.id = id
        self.user = user
        self.handle = handle
        self.credential = credential
        self.publicKey = publicKey
        self.signCount = signCount
        self.transports = transports
        self.isBackupEligible = isBackupEligible
        self.isBackedUp = isBackedUp
        self.name = name
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
    }
}
