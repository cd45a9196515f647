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
    /// Whether whoever made it may still make such a one: a link does not outlive its maker's rights.
    package let isBacked: Bool

    package init(
        id: InvitationID, inviter: String, createdAt: Timestamp, expiresAt: Timestamp, usesMax: Int, uses: Int,
        isRevoked: Bool, role: Role, isBacked: Bool
    ) {
        self.id = id
        self.inviter = inviter
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.usesMax = usesMax
        self.uses = uses
        self.isRevoked = isRevoked
        self.role = role
        self.isBacked = isBacked
    }

    package func isUsable(at now: Timestamp) -> Bool { isBacked && !isRevoked && uses < usesMax && now < expiresAt }

    /// Who may make links by which people come in as `role`.
    package static func permission(for role: Role) -> Permission {
        role == .moderator || role == .admin ? .administer : .invitePeople
    }
}
