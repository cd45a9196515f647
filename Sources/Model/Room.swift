/// Who can find and enter a room.
package enum RoomKind: String, Codable, Sendable, CaseIterable {
    /// Everybody sees it and may join.
    case `public`
    /// Only its members know that it exists; they bring others in by name.
    case `private`
    /// A fixed set of two or more people. There is one for each set; nobody joins or leaves.
    case direct
}

/// A room's two names: the one in the database and the one in addresses and frames.
package struct RoomRef: Hashable, Sendable {
    package let id: RoomID
    package let slug: String

    package init(id: RoomID, slug: String) {
        self.id = id
        self.slug = slug
    }
}

/// A room as one person sees it. This is the room object of the HTTP API and the socket protocol.
package struct RoomView: Hashable, Sendable {
    package let ref: RoomRef
    package let name: String
    package let topic: String
    package let kind: RoomKind
    package let isMember: Bool
    package let epoch: Epoch
    /// The newest message's place; 0 in an empty room.
    package let lastSeq: Seq
    /// The newest message that the person has read; 0 for none.
    package let readSeq: Seq
    /// The people of a direct room in the order of their usernames, else `nil`.
    package let members: [Person]?
    package let pace: RoomPace
    /// What the person is to the room.
    package let standing: RoomStanding
    package let muted: Restriction?
    package let banned: Restriction?
    /// Entries after `readSeq` that are no messages: they say that one was removed.
    package let removalsUnread: Seq

    package init(
        ref: RoomRef, name: String, topic: String, kind: RoomKind, isMember: Bool, epoch: Epoch, lastSeq: Seq,
        readSeq: Seq, members: [Person]?, pace: RoomPace = RoomPace(), standing: RoomStanding? = nil,
        muted: Restriction? = nil, banned: Restriction? = nil, removalsUnread: Seq = 0
    ) {
        self.ref = ref
        self.name = name
        self.topic = topic
        self.kind = kind
        self.isMember = isMember
        self.epoch = epoch
        self.lastSeq = lastSeq
        self.readSeq = readSeq
        self.members = members
        self.pace = pace
        self.standing = standing ?? RoomStanding(kind: kind, server: .member, room: isMember ? .member : nil)
        self.muted = muted
        self.banned = banned
        self.removalsUnread = removalsUnread
    }

    package var slug: String { ref.slug }

    /// Messages that the person has not read. A room that one is not in has none.
    package var unread: Seq { isMember ? max(0, lastSeq - readSeq - removalsUnread) : 0 }
}

extension RoomView: Encodable {
    private enum CodingKeys: String, CodingKey {
        case slug, name, topic, kind, isMember, epoch, lastSeq, readSeq, unread, members
        case slowSeconds, isLocked, isAnnouncement, role, permissions, muted, banned
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(slug, forKey: .slug)
        try container.encode(name, forKey: .name)
        try container.encode(topic, forKey: .topic)
        try container.encode(kind, forKey: .kind)
        try container.encode(isMember, forKey: .isMember)
        try container.encode(epoch, forKey: .epoch)
        try container.encode(lastSeq, forKey: .lastSeq)
        try container.encode(readSeq, forKey: .readSeq)
        try container.encode(unread, forKey: .unread)
        // Written also when nil, as `null`, so that the object has the same fields in every room.
        try container.encode(members, forKey: .members)
        try container.encode(pace.slow.count, forKey: .slowSeconds)
        try container.encode(pace.isLocked, forKey: .isLocked)
        try container.encode(pace.isAnnouncement, forKey: .isAnnouncement)
        try container.encode(standing.room, forKey: .role)
        try container.encode(standing.permissions.map(\.rawValue).sorted(), forKey: .permissions)
        try container.encode(muted, forKey: .muted)
        try container.encode(banned, forKey: .banned)
    }
}
