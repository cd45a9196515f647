/// The number of an invitation.
package struct InvitationID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A link by which people join, without the link itself: of its token only a hash is kept.
package struct Invitation: Hashable, Sendable {
    package let id: InvitationID
    /// The username of who made it.
    package let inviter: String
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    /// How many people may join by it.
    package let usesMax: Int
    package let uses: Int
    package let isRevoked: Bool
    /// The role of those who join by it.
    package let role: Role

    package init(
        id: InvitationID, inviter: String, createdAt: Timestamp, expiresAt: Timestamp, usesMax: Int, uses: Int,
        isRevoked: Bool, role: Role
    ) {
        self.id = id
        self.inviter = inviter
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.usesMax = usesMax
        self.uses = uses
        self.isRevoked = isRevoked
        self.role = role
    }

    package func isUsable(at now: Timestamp) -> Bool { !isRevoked && uses < usesMax && now < expiresAt }
}
