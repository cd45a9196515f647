/// What somebody may do on the whole server. What they may do in a room depends on the room besides.
package enum Permission: String, CaseIterable, Sendable {
    /// The operator's pages: people and their roles, the audit log, the front door.
    case administer
    /// Keep the peace: reports, public rooms, and members who need a pause.
    case moderate
    /// Make links by which others join.
    case invitePeople
    case createRooms
    /// Come into public rooms by themselves, rather than by being invited.
    case joinRooms
    /// Look for people, and write to them.
    case findPeople
    /// Read and write in the rooms that they are in.
    case chat
}

extension Role {
    /// The one table of who may do what.
    package var permissions: Set<Permission> {
        switch self {
        case .admin: [.administer, .moderate, .invitePeople, .createRooms, .joinRooms, .findPeople, .chat]
        case .moderator: [.moderate, .invitePeople, .createRooms, .joinRooms, .findPeople, .chat]
        case .member: [.createRooms, .joinRooms, .findPeople, .chat]
        case .guest: [.chat]
        }
    }
}

extension Principal {
    /// Whoever has no verified address where one is needed may do nothing, but for running the server.
    /// - Throws: `not_allowed`, `email_unverified`.
    package func require(_ permission: Permission) throws(ChatError) {
        // A token acts in the chat; it never runs the server, whatever its scopes.
        if permission == .administer { try require(Access.person) } else { try requireVerified() }
        guard role.permissions.contains(permission) else {
            throw ChatError(.notAllowed, "Your account may not do this. Ask an administrator of this server.")
        }
    }

    /// - Throws: `email_unverified`.
    package func requireVerified() throws(ChatError) {
        guard !isUnverified else {
            throw ChatError(.emailUnverified, "Verify your e-mail address first: a code was sent to it.")
        }
    }
}
