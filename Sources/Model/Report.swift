/// The number of a report.
package struct ReportID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A message that somebody found wrong, for those who look after the room. Whoever wrote it is not told.
package struct Report: Sendable {
    package enum State: String, Codable, Sendable, CaseIterable {
        case open
        /// Something was done about it.
        case resolved
        /// Nothing had to be done.
        case dismissed
    }

    package let id: ReportID
    package let room: RoomRef
    package let roomName: String
    package let reporter: Person
    package let reason: String
    package let createdAt: Timestamp
    package let state: State
    /// The username of who closed it.
    package let closedBy: String?
    /// As it is now: without its text where it was removed since.
    package let message: Message

    package init(
        id: ReportID, room: RoomRef, roomName: String, reporter: Person, reason: String, createdAt: Timestamp,
        state: State, closedBy: String?, message: Message
    ) {
        self.id = id
        self.room = room
        self.roomName = roomName
        self.reporter = reporter
        self.reason = reason
        self.createdAt = createdAt
        self.state = state
        self.closedBy = closedBy
        self.message = message
    }
}

extension Report: Encodable {
    private enum CodingKeys: String, CodingKey {
        case id, room, reporter, reason, createdAt, state, closedBy, message
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id.rawValue, forKey: .id)
        try container.encode(room.slug, forKey: .room)
        try container.encode(reporter, forKey: .reporter)
        try container.encode(reason, forKey: .reason)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(state, forKey: .state)
        try container.encode(closedBy, forKey: .closedBy)
        try container.encode(message, forKey: .message)
    }
}
