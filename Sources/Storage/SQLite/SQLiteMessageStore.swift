import Foundation
import GRDB
import Logging
package import Model

package struct SQLiteMessageStore: MessageStore {
    let database: SQLiteDatabase
    let cipher: MessageCipher

    package init(_ database: SQLiteDatabase, cipher: MessageCipher) {
        self.database = database
        self.cipher = cipher
    }

    package func append(
        _ new: NewMessage, completion: @escaping @Sendable (Result<SentMessage, ChatError>) -> Void
    ) {
        database.writes.move({ cache, db in try append(new, &cache, db) }, finish: completion)
    }

    package func markRead(
        _ slug: String, seq: Seq, user: UserID,
        completion: @escaping @Sendable (Result<ReadPosition, ChatError>) -> Void
    ) {
        database.writes.move(
            { cache, db in
                let index = try cache.member(slug, user, db)
                let member = cache[index]
                let readSeq = min(seq, cache.lastSeq(of: index))
                guard readSeq > member.readSeq else {
                    return ReadPosition(room: member.room, seq: member.readSeq, hasMoved: false)
                }
                cache.read(index, seq: readSeq)
                return ReadPosition(room: member.room, seq: readSeq, hasMoved: true)
            }, finish: completion)
    }

    package func history(
        _ slug: String, _ range: HistoryRange, limit: Int, for user: UserID
    ) async throws -> HistoryPage {
        try await database.read { db in
            let room = try Membership(slug, user, db).room
            // One more than asked for tells whether there are more.
            var rows = try Self.rows(of: room.id, range, limit: limit + 1, db)
            let hasMore = rows.count > limit
            if hasMore { rows.removeLast() }
            if case .after = range {} else { rows.reverse() }
            return HistoryPage(epoch: try Self.epoch(db), messages: rows.map { message($0) }, hasMore: hasMore)
        }
    }

    package func missed(
        _ slug: String, since position: StreamPosition, limit: Int, for user: UserID
    ) async throws -> MissedMessages {
        try await database.read { db in
            let member = try Membership(slug, user, db)
            let now = StreamPosition(epoch: try Self.epoch(db), seq: member.lastSeq)
            let missing = now.seq - position.seq
            guard position.epoch == now.epoch, (0...Int64(limit)).contains(missing) else {
                return MissedMessages(room: member.room, messages: [], position: now, mustReload: true)
            }
            let rows = missing == 0 ? [] : try Self.rows(of: member.room.id, .after(position.seq), limit: limit, db)
            return MissedMessages(
                room: member.room, messages: rows.map { message($0) }, position: now, mustReload: false)
        }
    }

    package func messages(of sender: UserID, after place: MessagePlace, limit: Int) async throws -> [SaidMessage] {
        try await database.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT message.*, user.username, user.name, room.slug FROM message
                    JOIN user ON user.id = message.senderId JOIN room ON room.id = message.roomId
                    WHERE (message.roomId, message.seq) > (?, ?) AND message.senderId = ?
                    ORDER BY message.roomId, message.seq LIMIT ?
                    """, arguments: [place.room.rawValue, place.seq, sender.rawValue, limit])
            return rows.map { row in
                SaidMessage(
                    place: MessagePlace(room: RoomID(rawValue: row["roomId"]), seq: row["seq"]), room: row["slug"],
                    message: message(row))
            }
        }
    }

    static func epoch(_ db: Database) throws -> Epoch {
        let epoch = try String.fetchOne(db.cachedStatement(sql: "SELECT epoch FROM stream"))
        return Epoch(text: epoch ?? "")
    }

    package func reencrypt(
        from position: ReencryptionPosition, limit: Int
    ) async throws -> ReencryptionPosition? {
        // Looked for on a reader, so that a long way through the table holds nobody up.
        let found = try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT roomId, seq, keyId, body FROM message
                    WHERE (roomId, seq) > (?, ?) AND keyId NOT IN (0, ?) ORDER BY roomId, seq LIMIT ?
                    """,
                arguments: [position.room.rawValue, position.seq, cipher.currentKey.rawValue, limit]
            ).map(SealedText.init(row:))
        }
        guard let last = found.last else { return nil }
        return try await database.writes.write { db in
            var next = position
            (next.room, next.seq) = (last.room, last.seq)
            for old in found {
                guard let text = try? open(old) else {
                    next.unreadable += 1
                    continue
                }
                let new = try cipher.seal(text, room: old.room, seq: old.seq)
                try db.cachedStatement(
                    sql: "UPDATE message SET keyId = ?, body = ? WHERE roomId = ? AND seq = ? AND keyId = ?"
                ).execute(arguments: [
                    new.key.rawValue, new.bytes, old.room.rawValue, old.seq, old.key.rawValue,
                ])
                next.changed += 1
            }
            return next
        }
    }

    private func append(_ new: NewMessage, _ cache: inout PositionCache, _ db: Database) throws -> SentMessage {
        let index = try cache.member(new.room, new.sender, db)
        let member = cache[index]
        let now = Timestamp.now
        if let hold = member.hold { try check(hold, new, member.room, now, db) }
        let message = Message(
            seq: cache.lastSeq(of: index) + 1, sender: member.person, text: new.text, sentAt: now,
            clientId: new.clientId)
        let sealed = try cipher.seal(new.text, room: member.room.id, seq: message.seq)
        do {
            try db.cachedStatement(sql: Self.insertion).execute(arguments: [
                member.room.id.rawValue, message.seq, new.sender.rawValue, message.sentAt.milliseconds,
                sealed.key.rawValue, sealed.bytes, new.clientId,
            ])
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
            // The index on clientId is the only one that can say so. The statement has left no trace.
            return try self.message(of: new.sender, new.clientId, member.room, db)
        }
        cache.spoke(index, seq: message.seq, at: now)
        return SentMessage(room: member.room, message: message, isNew: true)
    }

    /// What was stored before is found also by somebody who may not write any more.
    private func check(
        _ hold: WritingHold, _ new: NewMessage, _ room: RoomRef, _ now: Timestamp, _ db: Database
    ) throws {
        do {
            try hold.check(at: now)
        } catch {
            let isStored = try new.clientId.map { clientId in
                try Bool.fetchOne(
                    db, sql: "SELECT EXISTS (SELECT 1 FROM message WHERE senderId = ? AND clientId = ?)",
                    arguments: [new.sender.rawValue, clientId]) ?? false
            }
            if isStored != true { throw error }
        }
    }

    private static let insertion = """
        INSERT INTO message (roomId, seq, senderId, sentAt, keyId, body, clientId) VALUES (?, ?, ?, ?, ?, ?, ?)
        """

    /// The message that this sender has stored under this `clientId`. It counts only in the room it was sent to: the
    /// same id in another room is a mistake of the client's, which is told so.
    private func message(
        of sender: UserID, _ clientId: String?, _ room: RoomRef, _ db: Database
    ) throws -> SentMessage {
        let statement = try db.cachedStatement(
            sql: Self.columns + " WHERE message.senderId = ? AND message.clientId = ?")
        guard let row = try Row.fetchOne(statement, arguments: [sender.rawValue, clientId]),
            row["roomId"] == room.id.rawValue
        else { throw ChatError(.invalidField, "This clientId was used in another room.", field: "clientId") }
        return SentMessage(room: room, message: message(row), isNew: false)
    }

    private static let columns = """
        SELECT message.*, user.username, user.name, user.isBot FROM message JOIN user ON user.id = message.senderId
        """

    private static func rows(of room: RoomID, _ range: HistoryRange, limit: Int, _ db: Database) throws -> [Row] {
        let (bound, condition, order): (Seq, String, String) =
            switch range {
            case .newest: (Seq.max, "<=", "DESC")
            case .before(let seq): (seq, "<", "DESC")
            case .after(let seq): (seq, ">", "ASC")
            }
        let statement = try db.cachedStatement(
            sql: columns
                + " WHERE message.roomId = ? AND message.seq \(condition) ? ORDER BY message.seq \(order) LIMIT ?")
        return try Row.fetchAll(statement, arguments: [room.rawValue, bound, limit])
    }

    func message(_ seq: Seq, in room: RoomID, _ db: Database) throws -> Message? {
        try Row.fetchOne(
            db.cachedStatement(sql: Self.columns + " WHERE message.roomId = ? AND message.seq = ?"),
            arguments: [room.rawValue, seq]
        ).map { message($0) }
    }

    private func message(_ row: Row) -> Message {
        let removed = (row["removedBy"] as String?).flatMap(Message.Remover.init(rawValue:))
        let removes: Seq? = row["removes"]
        guard removed == nil, removes == nil else {
            return Message(
                seq: row["seq"], sender: Person(username: row["username"], name: row["name"]), text: "",
                sentAt: Timestamp(milliseconds: row["sentAt"]), clientId: row["clientId"], removed: removed,
                removes: removes)
        }
        let sealed = SealedText(row: row)
        let text = try? open(sealed)
        if text == nil {
            database.logger.error(
                "message is damaged or its key is missing; it is not shown",
                metadata: [
                    "room": "\(sealed.room.rawValue)", "seq": "\(sealed.seq)", "key": "\(sealed.key.rawValue)",
                ])
        }
        return Message(
            seq: sealed.seq, sender: Person(row: row), text: text ?? "",
            sentAt: Timestamp(milliseconds: row["sentAt"]), clientId: row["clientId"], isUnreadable: text == nil)
    }

    private func open(_ sealed: SealedText) throws -> String {
        try cipher.open(sealed.bytes, key: sealed.key, room: sealed.room, seq: sealed.seq)
    }
}

/// A message's text as it is stored, and where.
private struct SealedText: Sendable {
    let room: RoomID
    let seq: Seq
    let key: KeyID
    let bytes: Data

    init(row: Row) {
        room = RoomID(rawValue: row["roomId"])
        seq = row["seq"]
        key = KeyID(rawValue: row["keyId"])
        bytes = row["body"]
    }
}
