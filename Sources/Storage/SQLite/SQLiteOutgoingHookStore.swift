import Foundation
import GRDB
package import Model

package struct SQLiteOutgoingHookStore: OutgoingHookStore {
    let database: SQLiteDatabase
    let cipher: MessageCipher

    package init(_ database: SQLiteDatabase, cipher: MessageCipher) {
        self.database = database
        self.cipher = cipher
    }

    package func create(_ new: NewOutgoingHook, max: Int, audit: NewAuditEntry) async throws -> OutgoingHook {
        try await database.writes.write { [cipher] db in
            let count = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM outgoingHook WHERE roomId = ?", arguments: [new.room.id.rawValue])
            guard count ?? 0 < max else {
                throw ChatError(.tooManyHooks, "This room has \(max) of them already. Delete one that is not used.")
            }
            let place = UUID().uuidString.lowercased()
            let sealed = try cipher.seal(new.secret, at: Self.place(place))
            try db.execute(
                sql: """
                    INSERT INTO outgoingHook (roomId, makerId, address, place, keyId, secret, seq, createdAt)
                    SELECT id, ?, ?, ?, ?, ?, lastSeq, ? FROM room WHERE id = ?
                    """,
                arguments: [
                    new.maker.rawValue, new.address, place, sealed.key.rawValue, sealed.bytes,
                    Timestamp.now.milliseconds, new.room.id.rawValue,
                ])
            let id = db.lastInsertedRowID
            try SQLiteAuditStore.append(audit, db)
            guard let hook = try Self.hooks(db, "outgoingHook.id = ?", [id]).first else { throw ChatError.internal }
            return hook
        }
    }

    package func hooks(of room: RoomID) async throws -> [OutgoingHook] {
        try await database.read { try Self.hooks($0, "outgoingHook.roomId = ?", [room.rawValue]) }
    }

    package func hook(_ id: OutgoingHookID, in room: RoomID) async throws -> OutgoingHook? {
        try await database.read {
            try Self.hooks($0, "outgoingHook.id = ? AND outgoingHook.roomId = ?", [id.rawValue, room.rawValue]).first
        }
    }

    package func setSecret(
        _ secret: String, of id: OutgoingHookID, in room: RoomID, audit: NewAuditEntry
    ) async throws -> Bool {
        try await database.writes.write { [cipher] db in
            guard
                let place = try String.fetchOne(
                    db, sql: "SELECT place FROM outgoingHook WHERE id = ? AND roomId = ?",
                    arguments: [id.rawValue, room.rawValue])
            else { return false }
            let sealed = try cipher.seal(secret, at: Self.place(place))
            try db.execute(
                sql: "UPDATE outgoingHook SET keyId = ?, secret = ? WHERE id = ?",
                arguments: [sealed.key.rawValue, sealed.bytes, id.rawValue])
            try SQLiteAuditStore.append(audit, db)
            return true
        }
    }

    package func setDisabled(
        _ isDisabled: Bool, of id: OutgoingHookID, in room: RoomID, audit: NewAuditEntry
    ) async throws -> Bool {
        try await database.writes.write { db in
            let now = Timestamp.now.milliseconds
            try db.execute(
                sql: """
                    UPDATE outgoingHook SET disabledAt = iif(:isDisabled, :now, NULL), note = NULL, failures = 0,
                        seq = (SELECT lastSeq FROM room WHERE room.id = roomId)
                    WHERE id = :id AND roomId = :room
                    """,
                arguments: ["isDisabled": isDisabled, "now": now, "id": id.rawValue, "room": room.rawValue])
            guard db.changesCount > 0 else { return false }
            try db.execute(
                sql: """
                    UPDATE hookDelivery SET nextAttemptAt = NULL, doneAt = ?, error = 'The hook was disabled.'
                    WHERE hookId = ? AND nextAttemptAt IS NOT NULL
                    """, arguments: [now, id.rawValue])
            try SQLiteAuditStore.append(audit, db)
            return true
        }
    }

    package func delete(_ id: OutgoingHookID, in room: RoomID, audit: NewAuditEntry) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: "DELETE FROM outgoingHook WHERE id = ? AND roomId = ?", arguments: [id.rawValue, room.rawValue])
            guard db.changesCount > 0 else { return false }
            try SQLiteAuditStore.append(audit, db)
            return true
        }
    }

    package func reencryptSecrets() async throws {
        let current = cipher.currentKey
        let sql = "SELECT * FROM outgoingHook WHERE keyId <> ?"
        guard try await database.read({ try Row.fetchOne($0, sql: sql, arguments: [current.rawValue]) != nil }) else {
            return
        }
        try await database.writes.write { [cipher] db in
            for row in try Row.fetchAll(db, sql: sql, arguments: [current.rawValue]) {
                guard let secret = Self.secret(row, cipher) else { continue }
                let sealed = try cipher.seal(secret, at: Self.place(row["place"]))
                try db.execute(
                    sql: "UPDATE outgoingHook SET keyId = ?, secret = ? WHERE id = ?",
                    arguments: [sealed.key.rawValue, sealed.bytes, row["id"] as Int64])
            }
        }
    }

    static func secret(_ row: Row, _ cipher: MessageCipher) -> String? {
        try? cipher.open(row["secret"], key: KeyID(rawValue: row["keyId"]), at: place(row["place"]))
    }

    private static func place(_ name: String) -> Data { Data("parley hook v1 \(name)".utf8) }

    /// Whether whoever made a hook may read its room.
    static let isBacked = """
        EXISTS (SELECT 1 FROM membership JOIN user ON user.id = membership.userId
            WHERE membership.roomId = outgoingHook.roomId AND userId = makerId AND NOT \(User.isOut()))
        """

    private static func hooks(
        _ db: Database, _ condition: String, _ arguments: StatementArguments
    ) throws -> [OutgoingHook] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT outgoingHook.*, maker.username AS maker, \(isBacked) AS isBacked,
                    (SELECT count(*) FROM hookDelivery WHERE hookId = outgoingHook.id AND nextAttemptAt IS NOT NULL)
                        + (SELECT count(*) FROM message JOIN user ON user.id = senderId
                            WHERE message.roomId = outgoingHook.roomId AND message.seq > outgoingHook.seq AND NOT isBot)
                        AS waiting
                FROM outgoingHook JOIN user AS maker ON maker.id = makerId WHERE \(condition) ORDER BY outgoingHook.id
                """, arguments: arguments
        ).map { row in
            OutgoingHook(
                id: OutgoingHookID(rawValue: row["id"]), address: row["address"], maker: row["maker"],
                createdAt: Timestamp(milliseconds: row["createdAt"]), isBacked: row["isBacked"],
                isDisabled: (row["disabledAt"] as Int64?) != nil, note: row["note"], waiting: row["waiting"])
        }
    }
}
