/// What somebody is in one room.
package enum RoomRole: String, Codable, Sendable, CaseIterable {
    /// Whoever made the room, or was given it. There is one at most.
    case owner
    case moderator
    case member
}

/// What somebody may do in a room beyond reading and writing in it.
package enum RoomPermission: String, Codable, Sendable, CaseIterable {
    /// Write where others may not (locked, announcements), and without waiting in slow mode.
    case speakAlways = "speak_always"
    /// Take messages of others away.
    case removeMessages = "remove_messages"
    /// Read what was reported in the room, and close it.
    case handleReports = "handle_reports"
    /// Send people out, ban and mute them.
    case restrain
    /// Slow mode and the lock.
    case setPace = "set_pace"
    /// Name, topic, kind, and whether it is for announcements.
    case changeRoom = "change_room"
    /// Make moderators, and hand the room over.
    case appoint
}

/// What somebody is to a room: what decides over what they may do in it, and to whom.
package struct RoomStanding: Hashable, Sendable {
    package let kind: RoomKind
    /// On the whole server.
    package let server: Role
    /// `nil` for somebody who is not in the room.
    package let room: RoomRole?

    package init(kind: RoomKind, server: Role, room: RoomRole?) {
        self.kind = kind
        self.server = server
        self.room = room
    }

    /// The one table of who may do what in a room (docs/moderation.md).
    package var permissions: Set<RoomPermission> {
        switch (kind, server, room) {
        // Nobody is above the others.
        case (.direct, _, _): []
        // A private room is its members' own, also before those who run the server.
        case (.private, _, nil): []
        case (_, .admin, _), (_, _, .owner): Set(RoomPermission.allCases)
        case (_, .moderator, _), (_, _, .moderator):
            [.speakAlways, .removeMessages, .handleReports, .restrain, .setPace]
        default: []
        }
    }

    /// One acts only on those who stand below oneself.
    package func isAbove(_ other: RoomStanding) -> Bool { rank > other.rank }

    private var rank: Int {
        switch (kind, server, room) {
        case (.direct, _, _): 0
        case (_, .admin, _): 3
        case (_, _, .owner): 2
        case (_, .moderator, _), (_, _, .moderator): 1
        default: 0
        }
    }

    /// - Throws: `not_allowed`.
    package func require(_ permission: RoomPermission) throws(ChatError) {
        guard permissions.contains(permission) else {
            throw ChatError(.notAllowed, "Only those who look after this room may do this.")
        }
    }

    /// - Throws: `not_allowed`.
    package func require(above other: RoomStanding) throws(ChatError) {
        guard isAbove(other) else {
            throw ChatError(.notAllowed, "This person stands as high in this room as you do.", field: "username")
        }
    }
}
