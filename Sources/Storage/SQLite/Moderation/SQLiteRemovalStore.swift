import GRDB
package import Model

package struct SQLiteRemovalStore: RemovalStore {
    let database: SQLiteDatabase
    let messages: SQLiteMessageStore

    package init(_ database: SQLiteDatabase, messages: SQLiteMessageStore) {
        self.database = database
        self.messages = messages
    }

    package func remove(
        _ seq: Seq, in slug: String, by actor: UserID, mayModerate: Bool,
        committed: @escaping @Sendable (Message, RoomRef) -> Void
    ) async throws {
        _ = try await database.writes.write(
            { db -> Removal? in
                let place = try RoomPlace(slug, actor, db)
                let author = try Self.author(of: seq, in: place.room, db)
                let isMine = author == actor && place.isMember
                if !isMine {
                    try place.standing.require(.removeMessages)
                    guard mayModerate else { throw ChatError.scopeMissing(.roomsModerate) }
                }
                return try Self.remove(seq, by: place, isMine: isMine, db)
            }, committed: { $0.map { committed($0.entry, $0.room) } })
    }

    package func message(_ seq: Seq, in slug: String, for user: UserID) async throws -> Message {
        try await database.read { db in
            let room = try Membership(slug, user, db).room
            guard let message = try messages.message(seq, in: room.id, db), message.removes == nil else {
                throw Self.notFound
            }
            return message
        }
    }

    package func report(_ seq: Seq, in slug: String, reason: String, by reporter: UserID) async throws {
        try await database.writes.write { db in
            let room = try Membership(slug, reporter, db).room
            _ = try Self.author(of: seq, in: room, db)
            try db.execute(
                sql: """
                    INSERT INTO report (roomId, seq, reporterId, reason, createdAt) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """,
                arguments: [room.id.rawValue, seq, reporter.rawValue, reason, Timestamp.now.milliseconds])
        }
    }

    package func reports(
        _ state: Report.State, in slug: String?, before: ReportID?, limit: Int, for user: UserID
    ) async throws -> [Report] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: Self.reports + """
                     WHERE report.state = :state AND report.id < :before AND (:slug IS NULL OR room.slug = :slug)
                        AND \(Self.isHandled) ORDER BY report.id DESC LIMIT :limit
                    """,
                arguments: [
                    "state": state.rawValue, "before": before?.rawValue ?? .max, "slug": slug, "user": user.rawValue,
                    "limit": limit,
                ]
            ).compactMap { try report($0, db) }
        }
    }

    package func close(
        _ id: ReportID, as state: Report.State, removingMessage removes: Bool, by actor: UserID,
        committed: @escaping @Sendable (Message, RoomRef) -> Void
    ) async throws {
        _ = try await database.writes.write(
            { db -> Removal? in
                let found = try Row.fetchOne(
                    db,
                    sql: Self.reports + " WHERE report.id = :id AND report.state = 'open' AND \(Self.isHandled)",
                    arguments: ["id": id.rawValue, "user": actor.rawValue])
                guard let row = found,
                    let name = try String.fetchOne(
                        db, sql: "SELECT username FROM user WHERE id = ?", arguments: [actor.rawValue])
                else { throw ChatError(.reportNotFound, "There is no such report, or it was closed already.") }
                let (slug, seq) = (row["slug"] as String, row["seq"] as Seq)
                try db.execute(
                    sql: "UPDATE report SET state = ?, closedAt = ?, closedBy = ? WHERE id = ?",
                    arguments: [state.rawValue, Timestamp.now.milliseconds, name, id.rawValue])
                try SQLiteAuditStore.append(
                    NewAuditEntry(
                        state == .resolved ? .resolveReport : .dismissReport, "\(id.rawValue)", by: name,
                        details: "\(slug) #\(seq)"), db)
                guard removes else { return nil }
                let room = RoomRef(id: RoomID(rawValue: row["roomId"]), slug: slug)
                return try Self.remove(seq, by: RoomPlace(of: name, in: room, db), isMine: false, db)
            }, committed: { $0.map { committed($0.entry, $0.room) } })
    }

    // MARK: Removing

    private struct Removal: Sendable {
        let entry: Message
        let room: RoomRef
    }

    private static let notFound = ChatError(.messageNotFound, "There is no such message.")

    /// - Throws: `message_not_found`.
    private static func author(of seq: Seq, in room: RoomRef, _ db: Database) throws -> UserID {
        let sender = try Int64.fetchOne(
            db, sql: "SELECT senderId FROM message WHERE roomId = ? AND seq = ? AND removes IS NULL",
            arguments: [room.id.rawValue, seq])
        guard let sender else { throw notFound }
        return UserID(rawValue: sender)
    }

    /// The text's bytes are overwritten in the database (`secure_delete`), and an entry takes the room's next place.
    private static func remove(_ seq: Seq, by actor: RoomPlace, isMine: Bool, _ db: Database) throws -> Removal? {
        let (room, now) = (actor.room, Timestamp.now)
        let remover: Message.Remover = isMine ? .author : .moderator
        let author = try String.fetchOne(
            db,
            sql: """
                UPDATE message SET removedBy = ?, keyId = 0, body = x'' WHERE roomId = ? AND seq = ?
                    AND removedBy IS NULL AND removes IS NULL
                RETURNING (SELECT username FROM user WHERE id = senderId)
                """, arguments: [remover.rawValue, room.id.rawValue, seq])
        guard let author else { return nil }
        let last = try Seq.fetchOne(
            db, sql: "UPDATE room SET lastSeq = lastSeq + 1 WHERE id = ? RETURNING lastSeq",
            arguments: [room.id.rawValue])
        guard let last else { throw ChatError.internal }
        try db.execute(
            sql:
                "INSERT INTO message (roomId, seq, senderId, sentAt, keyId, body, removes) VALUES (?, ?, ?, ?, 0, x'', ?)",
            arguments: [room.id.rawValue, last, actor.user.rawValue, now.milliseconds, seq])
        // It is nothing to read: who had read everything still has.
        try db.execute(
            sql: "UPDATE membership SET readSeq = ? WHERE roomId = ? AND readSeq = ?",
            arguments: [last, room.id.rawValue, last - 1])
        if !isMine {
            try SQLiteAuditStore.append(
                NewAuditEntry(.removeMessage, author, by: actor.username, details: "\(room.slug) #\(seq)"), db)
        }
        let entry = Message(
            seq: last, sender: Person(username: actor.username, name: actor.personName), text: "", sentAt: now,
            clientId: nil, removes: seq)
        return Removal(entry: entry, room: room)
    }

    // MARK: Reports

    private static let reports = """
        SELECT report.*, room.slug, room.name AS roomName, room.kind, reporter.username, reporter.name FROM report
        JOIN room ON room.id = report.roomId JOIN user AS reporter ON reporter.id = report.reporterId
        """

    /// Whether `:user` may handle a report: on this server, or in its room. As `Permission` and `RoomStanding` have it.
    /// But for administrators nobody handles what is said of their own messages.
    private static let isHandled = """
        (EXISTS (SELECT 1 FROM user WHERE id = :user AND isDisabled = 0 AND role = 'admin')
            OR NOT EXISTS (
                SELECT 1 FROM message WHERE message.roomId = report.roomId AND message.seq = report.seq
                    AND message.senderId = :user)
            AND (EXISTS (SELECT 1 FROM user WHERE id = :user AND isDisabled = 0 AND role = 'moderator')
                OR room.kind <> 'direct' AND EXISTS (
                    SELECT 1 FROM membership WHERE membership.roomId = report.roomId AND userId = :user
                        AND membership.role IN ('owner', 'moderator'))))
        """

    private func report(_ row: Row, _ db: Database) throws -> Report? {
        let room = RoomRef(id: RoomID(rawValue: row["roomId"]), slug: row["slug"])
        guard let message = try messages.message(row["seq"], in: room.id, db),
            let state = Report.State(rawValue: row["state"])
        else { return nil }
        let name: String = row["roomName"]
        return Report(
            id: ReportID(rawValue: row["id"]), room: room, roomName: name.isEmpty ? "a direct conversation" : name,
            reporter: Person(username: row["username"], name: row["name"]), reason: row["reason"],
            createdAt: Timestamp(milliseconds: row["createdAt"]), state: state, closedBy: row["closedBy"],
            message: message)
    }
}
