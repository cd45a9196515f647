/// Somebody in a room, as the others see them.
package struct RoomMember: Hashable, Sendable, Encodable {
    package let username: String
    package let name: String
    package let role: RoomRole
    /// On the whole server.
    package let serverRole: Role
    /// Told to those alone who may mute.
    package let muted: Restriction?

    package init(username: String, name: String, role: RoomRole, serverRole: Role, muted: Restriction?) {
        self.username = username
        self.name = name
        self.role = role
        self.serverRole = serverRole
        self.muted = muted
    }

    private enum CodingKeys: String, CodingKey {
        case username, name, role, muted
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(username, forKey: .username)
        try container.encode(name, forKey: .name)
        try container.encode(role, forKey: .role)
        try container.encode(muted, forKey: .muted)
    }
}

/// What somebody's place in a room has become.
package struct OwnPlace: Hashable, Sendable {
    package let role: RoomRole
    package let permissions: Set<RoomPermission>
    package let muted: Restriction?

    package init(role: RoomRole, permissions: Set<RoomPermission>, muted: Restriction?) {
        self.role = role
        self.permissions = permissions
        self.muted = muted
    }
}
