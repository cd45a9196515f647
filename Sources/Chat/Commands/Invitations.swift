import Auth
import Foundation
package import Model
import Storage

extension Chat {
    /// Makes a link by which others join.
    ///
    /// - Parameters:
    ///   - days: how long it is good for, 1 to 365.
    ///   - usesMax: how many may join by it, 1 to 1,000.
    ///   - role: theirs. Only administrators make moderators.
    /// - Returns: the token for the link, which is nowhere else.
    /// - Throws: `not_allowed`, `invalid_field`, `too_many_requests`: as often as rooms.
    package func createInvitation(
        days: Int64, usesMax: Int, role: Role, by principal: Principal
    ) async throws -> (token: String, invitation: Invitation) {
        try principal.require(.invitePeople)
        guard (1...365).contains(days) else {
            throw ChatError(.invalidField, "An invitation lasts 1 to 365 days.", field: "days")
        }
        guard (1...1000).contains(usesMax) else {
            throw ChatError(.invalidField, "1 to 1000 people may join by an invitation.", field: "usesMax")
        }
        guard role != .admin else {
            throw ChatError(.invalidField, "Administrators are not made by invitation.", field: "role")
        }
        try principal.require(Invitation.permission(for: role))
        try roomRate.take(principal.user)
        let (token, now) = (OpaqueToken(), Timestamp.now)
        let invitation = try await stores.invitations.create(
            NewInvitation(
                tokenHash: token.hash, inviter: principal.user, createdAt: now, expiresAt: now + .days(days),
                usesMax: usesMax, role: role), by: principal.username)
        return (token.text, invitation)
    }

    /// Takes an invitation back: nobody joins by it any more.
    /// - Throws: `not_allowed`, `invitation_not_found`.
    package func revokeInvitation(_ id: InvitationID, by principal: Principal) async throws {
        try principal.require(.invitePeople)
        let mine = try await invitations(for: principal).contains { $0.id == id }
        guard mine,
            try await stores.invitations.revoke(
                id, audit: NewAuditEntry(.revokeInvitation, "\(id.rawValue)", by: principal.username))
        else { throw ChatError(.invitationNotFound, "There is no such invitation, or it was taken back already.") }
    }

    /// The latest of one's own; for administrators of everybody's. The newest first.
    /// - Throws: `not_allowed`.
    package func invitations(for principal: Principal) async throws -> [Invitation] {
        try principal.require(.invitePeople)
        let seesAll = principal.role.permissions.contains(.administer)
        return try await stores.invitations.invitations(by: seesAll ? nil : principal.user, limit: 1000)
    }

    /// The username of whoever invited each person that came in by an invitation.
    /// - Throws: `not_allowed`.
    package func inviters(for principal: Principal) async throws -> [UserID: String] {
        try principal.require(.administer)
        return try await stores.invitations.inviters()
    }

    /// The invitation behind a link that somebody followed.
    /// - Throws: `invitation_invalid`.
    package func invitation(_ token: String) async throws -> Invitation {
        guard let found = try await stores.invitations.invitation(withTokenHash: OpaqueToken(token).hash),
            found.isUsable(at: .now)
        else { throw ChatError.invitationInvalid }
        return found
    }
}
