package import Model

/// What people said, encrypted at rest, and how far each has read.
///
/// The membership lookup is the authorisation: it happens inside the transaction that stores or reads.
package protocol MessageStore: Sendable {
    /// Stores a message as its room's next `seq`. With a `clientId` that this sender used before it stores nothing
    /// and answers with the message of that time.
    ///
    /// `completion` is called exactly once, after the commit (then the message is on disk), in commit order over all
    /// stores of one database, on a thread of the database's: be quick in it and do not block.
    ///
    /// - Throws (in the result): `room_not_found`, `not_a_member`, `storage_unavailable`.
    func append(_ message: NewMessage, completion: @escaping @Sendable (Result<SentMessage, ChatError>) -> Void)

    /// Moves a person's read position forward, at most to the newest message. Answers with where it is now, and
    /// whether it moved.
    func markRead(
        _ slug: String, seq: Seq, user: UserID,
        completion: @escaping @Sendable (Result<ReadPosition, ChatError>) -> Void)

    /// - Throws: `room_not_found`, `not_a_member`.
    func history(_ slug: String, _ range: HistoryRange, limit: Int, for user: UserID) async throws -> HistoryPage

    /// What somebody said, wherever it was, in the order of places.
    func messages(of sender: UserID, after place: MessagePlace, limit: Int) async throws -> [SaidMessage]

    /// What a person missed since a position: everything, or nothing and that they have to reload, where the position
    /// is of another epoch, beyond the newest message, or more than `limit` messages behind.
    /// - Throws: `room_not_found`, `not_a_member`.
    func missed(_ slug: String, since position: StreamPosition, limit: Int, for user: UserID) async throws
        -> MissedMessages

    /// Encrypts anew, with the ring's current key, up to `limit` messages that are under another key, from `position`
    /// on. Can be cut off at any moment and begun again.
    /// - Returns: where to go on, or `nil` at the end of the table.
    func reencrypt(from position: ReencryptionPosition, limit: Int) async throws -> ReencryptionPosition?
}

/// How far a person has read in a room.
package struct ReadPosition: Hashable, Sendable {
    package let room: RoomRef
    package let seq: Seq
    package let hasMoved: Bool

    package init(room: RoomRef, seq: Seq, hasMoved: Bool) {
        self.room = room
        self.seq = seq
        self.hasMoved = hasMoved
    }
}

/// A place in the message table, and what was done up to it.
package struct ReencryptionPosition: Hashable, Sendable {
    package var room = RoomID(rawValue: 0)
    package var seq: Seq = 0
    /// Messages encrypted anew so far.
    package var changed = 0
    /// Messages whose bytes could not be decrypted, and which were left as they are.
    package var unreadable = 0

    package init() {}
}
