import Chat
import Hummingbird
import Model

extension Site {
    func showInvitations(_ call: PageCall) async throws -> Response {
        try await invitationsPage(call)
    }

    func createInvitation(_ call: PageCall, _ form: Form) async throws -> Response {
        let typed = ["days": form["days"], "usesMax": form["usesMax"]]
        do {
            guard let role = Role(rawValue: form["role"]) else {
                throw ChatError(.invalidField, "There is no such role.", field: "role")
            }
            // What is no number is none that is allowed.
            let (token, _) = try await chat.createInvitation(
                days: Int64(form["days"]) ?? 0, usesMax: Int(form["usesMax"]) ?? 0, role: role, by: call.principal)
            return try await invitationsPage(
                call, link: "\(publicURL)/accounts/register/?invitation=\(token)")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await invitationsPage(call, error: error, typed: typed)
        }
    }

    func revokeInvitation(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try await chat.revokeInvitation(
                InvitationID(rawValue: Int64(try call.path("id")) ?? 0), by: call.principal)
            return redirect(to: "/admin/invitations/")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await invitationsPage(call, error: error)
        }
    }

    /// - Parameter link: of an invitation that was just made: it is shown once, since only its hash is kept.
    private func invitationsPage(
        _ call: PageCall, link: String? = nil, error: ChatError? = nil, typed: [String: String] = [:]
    ) async throws -> Response {
        let invitations = try await chat.invitations(for: call.principal)
        var values: [String: Any] = [
            "invitations": invitations.map(Self.values), "days": typed["days"] ?? "7",
            "usesMax": typed["usesMax"] ?? "1", "isClosed": settings.registration == .closed,
            "mayMakeModerators": call.principal.role.permissions.contains(.administer),
        ]
        values["link"] = link
        values.tell(error)
        return try adminPage("invitations", "Invitations", values, call, status: error?.code.status ?? .ok)
            .waiting(for: error)
    }

    private static func values(_ invitation: Invitation) -> [String: Any] {
        let state =
            if invitation.isRevoked {
                "taken back"
            } else if !invitation.isBacked {
                "void: whoever made it may not invite any more"
            } else if invitation.uses >= invitation.usesMax {
                "used up"
            } else if invitation.expiresAt <= .now {
                "expired"
            } else {
                "open"
            }
        return [
            "id": invitation.id.rawValue, "inviter": invitation.inviter, "role": invitation.role.rawValue,
            "uses": invitation.uses, "usesMax": invitation.usesMax, "expiresAt": invitation.expiresAt.iso8601,
            "shownAt": invitation.expiresAt.minute, "state": state, "isOpen": invitation.isUsable(at: .now),
        ]
    }
}
