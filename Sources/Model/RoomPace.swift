/// Who may write in a room, and how often. It does not bind those with `RoomPermission.speakAlways`.
package struct RoomPace: Hashable, Sendable {
    /// The least time between two messages of one person; 0 for none.
    package var slow: Seconds
    /// Nobody writes for now.
    package var isLocked: Bool
    /// The room is there to be read.
    package var isAnnouncement: Bool

    package init(slow: Seconds = Seconds(0), isLocked: Bool = false, isAnnouncement: Bool = false) {
        self.slow = slow
        self.isLocked = isLocked
        self.isAnnouncement = isAnnouncement
    }

    /// Longest wait of slow mode: six hours.
    package static let slowMax: Int64 = 21_600

    package var isFree: Bool { slow.count == 0 && !isLocked && !isAnnouncement }
}

/// What a room is for everybody in it alike.
package struct RoomHead: Hashable, Sendable {
    package let name: String
    package let topic: String
    package let kind: RoomKind
    package let pace: RoomPace

    package init(name: String, topic: String, kind: RoomKind, pace: RoomPace) {
        self.name = name
        self.topic = topic
        self.kind = kind
        self.pace = pace
    }
}

/// What is to be changed in a room; `nil` for what stays. Its fields are already checked.
package struct RoomChange: Sendable {
    package var name: String?
    package var topic: String?
    package var kind: RoomKind?
    package var isAnnouncement: Bool?
    package var slow: Seconds?
    package var isLocked: Bool?

    package init() {}
}
