import GRDB
import Model

/// What holds somebody back from writing in a room. Most people have none, so that a message costs them one look.
struct WritingHold: Sendable {
    private let mutedUntil: Int64
    private let pace: RoomPace
    private var spokeAt: Int64

    /// From a row of the person's membership.
    /// - Returns: `nil` where there is nothing.
    init?(row: Row) {
        let muted = (row["mutedUntil"] as Int64?) ?? 0
        var pace = RoomPace(row: row)
        let role: String = row["roomRole"]
        if !pace.isFree || muted > 0, let kind = RoomKind(rawValue: row["kind"]),
            let server = Role(rawValue: row["serverRole"])
        {
            let standing = RoomStanding(kind: kind, server: server, room: RoomRole(rawValue: role))
            if standing.permissions.contains(.speakAlways) { pace = RoomPace() }
        }
        guard muted > 0 || !pace.isFree else { return nil }
        mutedUntil = muted
        self.pace = pace
        spokeAt = row["spokeAt"]
    }

    /// - Throws: `muted`, `room_locked`, `announcements_only`, `slow_mode`.
    func check(at now: Timestamp) throws(ChatError) {
        if let muted = Restriction(milliseconds: mutedUntil, at: now) {
            throw ChatError(.muted, "You are muted in this room \(muted.words).")
        }
        if pace.isLocked {
            throw ChatError(.roomLocked, "This room is locked for now. Nobody but its moderators writes.")
        }
        if pace.isAnnouncement {
            throw ChatError(.announcementsOnly, "This room is for announcements. Only its moderators write.")
        }
        let wait = spokeAt + pace.slow.count * 1000 - now.milliseconds
        guard wait <= 0 else {
            let seconds = Seconds((wait + 999) / 1000)
            throw ChatError(
                .slowMode, "Slow mode: you may write again in \(seconds.words).", retryAfter: seconds)
        }
    }

    mutating func spoke(at now: Timestamp) { spokeAt = now.milliseconds }
}
