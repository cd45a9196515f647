package import Foundation
import GRDB
package import Model

package struct SQLiteIncomingHookStore: IncomingHookStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(_ new: NewIncomingHook, max: Int, audit: NewAuditEntry) async throws -> IncomingHook {
        try await database.writes.write { db in
            let count = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM incomingHook WHERE roomId = ?", arguments: [new.room.id.rawValue])
            guard count ?? 0 < max else {
                throw ChatError(.tooManyHooks, "This room has \(max) of them already. Delete one that is not used.")
            }
            let bot = try SQLiteBotStore.insertUser(username: new.username, name: new.name, db)
            try SQLiteRoomStore.addMember(bot.id, to: new.room.id, db)
            try db.execute(
                sql: "INSERT INTO incomingHook (roomId, botId, makerId, tokenHash, createdAt) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    new.room.id.rawValue, bot.id.rawValue, new.maker.rawValue, new.tokenHash,
                    bot.createdAt.milliseconds,
                ])
            let id = db.lastInsertedRowID
            try SQLiteAuditStore.append(audit, db)
            guard let row = try Row.fetchOne(db, sql: Self.select + " WHERE incomingHook.id = ?", arguments: [id])
            else { throw ChatError.internal }
            return IncomingHook(row: row)
        }
    }

    package func hooks(of room: RoomID) async throws -> [IncomingHook] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: Self.select + " WHERE incomingHook.roomId = ? ORDER BY incomingHook.id",
                arguments: [room.rawValue]
            ).map(IncomingHook.init(row:))
        }
    }

    package func hook(_ id: IncomingHookID, tokenHash: Data) async throws -> (bot: User, room: RoomRef)? {
        try await database.read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT \(User.columns), room.id AS roomId, room.slug FROM incomingHook
                    JOIN user ON user.id = botId JOIN room ON room.id = incomingHook.roomId
                    WHERE incomingHook.id = ? AND tokenHash = ? AND user.isDisabled = 0 AND EXISTS (
                        SELECT 1 FROM membership JOIN user AS maker ON maker.id = membership.userId
                        WHERE membership.roomId = room.id AND maker.id = makerId AND NOT \(User.isOut("maker")))
                    """)
            guard let row = try Row.fetchOne(statement, arguments: [id.rawValue, tokenHash]) else { return nil }
            return (try User(row: row), RoomRef(id: RoomID(rawValue: row["roomId"]), slug: row["slug"]))
        }
    }

    package func setToken(
        _ hash: Data, of id: IncomingHookID, in room: RoomID, audit: NewAuditEntry
    ) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: "UPDATE incomingHook SET tokenHash = ? WHERE id = ? AND roomId = ?",
                arguments: [hash, id.rawValue, room.rawValue])
            guard db.changesCount > 0 else { return false }
            try SQLiteAuditStore.append(audit, db)
            return true
        }
    }

    package func delete(_ id: IncomingHookID, in room: RoomID, audit: NewAuditEntry) async throws -> UserID? {
        try await database.writes.write { db in
            let bot = try Int64.fetchOne(
                db, sql: "DELETE FROM incomingHook WHERE id = ? AND roomId = ? RETURNING botId",
                arguments: [id.rawValue, room.rawValue]
            ).map(UserID.init(rawValue:))
            guard let bot else { return nil }
            _ = try SQLiteBotStore.retire(bot, db)
            try SQLiteAuditStore.append(audit, db)
            return bot
        }
    }

    package func markUsed(_ id: IncomingHookID, at moment: Timestamp) async throws {
        try await database.writes.write { db in
            // Said once a minute, not each time.
            try db.execute(
                sql:
                    "UPDATE incomingHook SET lastUsedAt = :now WHERE id = :id AND coalesce(lastUsedAt, 0) < :now - 60000",
                arguments: ["now": moment.milliseconds, "id": id.rawValue])
        }
    }

    private static let select = """
        SELECT incomingHook.*, user.username, user.name, user.isBot, maker.username AS maker FROM incomingHook
        JOIN user ON user.id = botId JOIN user AS maker ON maker.id = makerId
        """
}

extension IncomingHook {
    /// From a row of the table `incomingHook`, with its bot and its maker.
    fileprivate init(row: Row) {
        self.init(
            id: IncomingHookID(rawValue: row["id"]), bot: Person(row: row), maker: row["maker"],
            createdAt: Timestamp(milliseconds: row["createdAt"]),
            lastUsedAt: (row["lastUsedAt"] as Int64?).map(Timestamp.init(milliseconds:)))
    }
}
