package import Model

/// Looking after rooms. Each method checks, in the commit, whether the person may do this (`RoomStanding`), and writes
/// the audit log in the same commit. For `committed` see `RoomStore`.
///
/// All throw `room_not_found` for a room that the person may not see, and `not_allowed`.
package protocol ModerationStore: Sendable {
    /// - Throws: `invalid_field`, for a private room that should become public.
    func change(
        _ slug: String, _ change: RoomChange, by actor: UserID,
        committed: @escaping @Sendable (RoomRef, RoomHead) -> Void
    ) async throws -> RoomView
    /// Makes a moderator, or a member again; as `owner`, hands the room over.
    /// - Parameter committed: told of each person whose place is another now.
    /// - Throws: `user_not_found`, for somebody who is not in the room.
    func setRole(
        _ role: RoomRole, of username: String, in slug: String, by actor: UserID,
        committed: @escaping @Sendable (RoomRef, [UserID: OwnPlace]) -> Void
    ) async throws
    /// Sends somebody out. They may come back.
    /// - Throws: `user_not_found`, for somebody who is not in the room.
    func kick(
        _ username: String, from slug: String, reason: String, by actor: UserID,
        committed: @escaping @Sendable (Removed) -> Void
    ) async throws
    /// Bans or mutes, anew with another end where that is so already. Who is banned is sent out.
    /// - Throws: `user_not_found`.
    func restrict(
        _ username: String, in slug: String, _ kind: Restriction.Kind, _ restriction: Restriction, reason: String,
        by actor: UserID, committed: @escaping @Sendable (Removed) -> Void
    ) async throws
    /// - Throws: `user_not_found`, for somebody who is not banned or muted.
    func lift(
        _ kind: Restriction.Kind, of username: String, in slug: String, by actor: UserID,
        committed: @escaping @Sendable (Removed) -> Void
    ) async throws
    /// Those that hold, in the order of usernames.
    func restrictions(_ kind: Restriction.Kind, in slug: String, for user: UserID) async throws -> [RestrictedPerson]
    /// Rooms as somebody who looks after the server sees them: the public ones, and for administrators also that there
    /// are others.
    func rooms(for user: UserID) async throws -> [RoomSummary]
}

/// Whom something was done to, and what they are in the room now.
package struct Removed: Sendable {
    package let user: UserID
    package let room: RoomRef
    /// They were in the room until now.
    package let wasMember: Bool
    /// `nil` for somebody who is not in the room.
    package let place: OwnPlace?
    /// Who owns the room from now on, where its owner was sent out.
    package let heir: (user: UserID, place: OwnPlace)?
}

/// Messages that were taken away, and those that should be.
package protocol RemovalStore: Sendable {
    /// Takes a message's text away, which leaves an entry in the room's stream that says so. What was removed already
    /// stays as it is, and `committed` is not called.
    /// - Parameter mayModerate: whether how they came in lets them do so to what others wrote.
    /// - Throws: `room_not_found`, `message_not_found`, `not_allowed`, `scope_missing`.
    func remove(
        _ seq: Seq, in slug: String, by actor: UserID, mayModerate: Bool,
        committed: @escaping @Sendable (Message, RoomRef) -> Void
    ) async throws
    /// One that a person can see.
    /// - Throws: `room_not_found`, `not_a_member`, `message_not_found`.
    func message(_ seq: Seq, in slug: String, for user: UserID) async throws -> Message
    /// Once for each person and message; the reason is that of the first time.
    /// - Throws: `room_not_found`, `not_a_member`, `message_not_found`.
    func report(_ seq: Seq, in slug: String, reason: String, by reporter: UserID) async throws
    /// Those that a person may handle, the newest first.
    /// - Parameter slug: of one room; `nil` for all.
    func reports(_ state: Report.State, in slug: String?, before: ReportID?, limit: Int, for user: UserID) async throws
        -> [Report]
    /// - Parameter removes: also takes the message away, in the same commit: the report is the right to do so.
    /// - Throws: `report_not_found`, also for one that is closed.
    func close(
        _ id: ReportID, as state: Report.State, removingMessage removes: Bool, by actor: UserID,
        committed: @escaping @Sendable (Message, RoomRef) -> Void
    ) async throws
}
