package import Foundation
package import Model

/// An invitation to be made. Its fields are already checked.
package struct NewInvitation: Sendable {
    /// SHA-256 of the link's token.
    package let tokenHash: Data
    package let inviter: UserID
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    package let usesMax: Int
    package let role: Role

    package init(
        tokenHash: Data, inviter: UserID, createdAt: Timestamp, expiresAt: Timestamp, usesMax: Int, role: Role
    ) {
        self.tokenHash = tokenHash
        self.inviter = inviter
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.usesMax = usesMax
        self.role = role
    }
}

/// Links by which people join. One is used up by `UserStore.create`, in the same commit as the account.
package protocol InvitationStore: Sendable {
    func create(_ invitation: NewInvitation, by actor: String) async throws -> Invitation
    func invitation(withTokenHash hash: Data) async throws -> Invitation?
    /// The newest first.
    /// - Parameter inviter: `nil` for everybody's.
    func invitations(by inviter: UserID?, limit: Int) async throws -> [Invitation]
    /// The username of whoever invited each person that came in by an invitation.
    func inviters() async throws -> [UserID: String]
    /// - Returns: whether there is such an invitation that was not revoked yet.
    func revoke(_ id: InvitationID, audit: NewAuditEntry) async throws -> Bool
}
