import GRDB
package import Model

extension SQLiteOutgoingHookStore {
    /// Most messages that become deliveries in one commit.
    private static let harvestMax = 500

    package func harvest(at moment: Timestamp, waitingMax: Int) async throws {
        // Looked for on a reader: where there is nothing to do, the writer is left alone.
        let hooks = try await database.read { db in
            try Int64.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT outgoingHook.id FROM outgoingHook JOIN room ON room.id = roomId
                        WHERE disabledAt IS NULL AND lastSeq > seq AND (SELECT count(*) FROM hookDelivery
                            WHERE hookId = outgoingHook.id AND nextAttemptAt IS NOT NULL) < ?
                        """), arguments: [waitingMax])
        }
        for hook in hooks {
            try await database.writes.write { db in try Self.harvest(hook, at: moment, db) }
        }
    }

    private static func harvest(_ hook: Int64, at moment: Timestamp, _ db: Database) throws {
        guard
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT outgoingHook.*, lastSeq, \(isBacked) AS isBacked FROM outgoingHook
                    JOIN room ON room.id = roomId WHERE outgoingHook.id = ? AND disabledAt IS NULL
                    """, arguments: [hook])
        else { return }
        guard row["isBacked"] else {
            return try db.execute(
                sql: "UPDATE outgoingHook SET seq = ? WHERE id = ?", arguments: [row["lastSeq"] as Seq, hook])
        }
        let epoch = try SQLiteMessageStore.epoch(db).text
        let messages = try Row.fetchAll(
            db,
            sql: """
                SELECT seq, isBot FROM message JOIN user ON user.id = senderId
                WHERE roomId = ? AND seq > ? ORDER BY seq LIMIT ?
                """, arguments: [row["roomId"] as Int64, row["seq"] as Seq, harvestMax])
        for message in messages where !message["isBot"] {
            let seq: Seq = message["seq"]
            try db.cachedStatement(
                sql: """
                    INSERT INTO hookDelivery (hookId, webhookId, seq, createdAt, nextAttemptAt) VALUES (?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                hook, "msg_\(epoch)_\(hook)_\(seq)", seq, moment.milliseconds, moment.milliseconds,
            ])
        }
        // Where a message is gone, its place is passed over.
        var last: Seq = row["lastSeq"]
        if messages.count >= harvestMax, let final = messages.last { last = final["seq"] }
        try db.execute(sql: "UPDATE outgoingHook SET seq = ? WHERE id = ?", arguments: [last, hook])
    }

    package func due(at moment: Timestamp, perHook: Int) async throws -> [DueDelivery] {
        try await database.read { [database, cipher] db in
            let messages = SQLiteMessageStore(database, cipher: cipher)
            return try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT due.*, address, place, keyId, secret, room.id AS roomId, room.slug, room.name FROM (
                            SELECT *, row_number() OVER (PARTITION BY hookId ORDER BY nextAttemptAt, id) AS place_
                            FROM hookDelivery WHERE nextAttemptAt <= ?) AS due
                        JOIN outgoingHook ON outgoingHook.id = due.hookId JOIN room ON room.id = roomId
                        WHERE place_ <= ? AND disabledAt IS NULL AND \(Self.isBacked)
                        ORDER BY due.nextAttemptAt, due.id
                        """), arguments: [moment.milliseconds, perHook]
            ).map { row in
                DueDelivery(
                    id: DeliveryID(rawValue: row["id"]), hook: OutgoingHookID(rawValue: row["hookId"]),
                    webhookID: row["webhookId"], address: row["address"], secret: Self.secret(row, cipher),
                    roomSlug: row["slug"], roomName: row["name"],
                    message: try messages.message(row["seq"], in: RoomID(rawValue: row["roomId"]), db),
                    createdAt: Timestamp(milliseconds: row["createdAt"]), attempts: row["attempts"])
            }
        }
    }

    package func markSent(_ id: DeliveryID, _ answer: DeliveryAnswer, at moment: Timestamp) async throws {
        try await database.writes.write { db in
            guard let hook = try Self.note(answer, of: id, next: nil, doneAt: moment, isSent: true, db) else { return }
            try db.execute(sql: "UPDATE outgoingHook SET failures = 0 WHERE id = ?", arguments: [hook])
        }
    }

    package func postpone(_ id: DeliveryID, _ answer: DeliveryAnswer, until: Timestamp) async throws {
        try await database.writes.write { db in
            _ = try Self.note(answer, of: id, next: until, doneAt: nil, isSent: false, db)
        }
    }

    package func giveUp(
        _ id: DeliveryID, _ answer: DeliveryAnswer, at moment: Timestamp, failuresMax: Int, note: String?
    ) async throws -> Bool {
        try await database.writes.write { db in
            guard let hook = try Self.note(answer, of: id, next: nil, doneAt: moment, isSent: false, db) else {
                return false
            }
            try db.execute(sql: "UPDATE outgoingHook SET failures = failures + 1 WHERE id = ?", arguments: [hook])
            let last = answer.error ?? ""
            let reason = note ?? "\(failuresMax) messages in a row could not be delivered. The last time: \(last)"
            try db.execute(
                sql: """
                    UPDATE outgoingHook SET disabledAt = ?, note = ?
                    WHERE id = ? AND disabledAt IS NULL AND (failures >= ? OR ?)
                    """, arguments: [moment.milliseconds, reason, hook, failuresMax, note != nil])
            return db.changesCount > 0
        }
    }

    /// - Returns: the hook; `nil` where the delivery is gone.
    private static func note(
        _ answer: DeliveryAnswer, of id: DeliveryID, next: Timestamp?, doneAt: Timestamp?, isSent: Bool, _ db: Database
    ) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: """
                UPDATE hookDelivery
                SET attempts = attempts + 1, status = ?, error = ?, nextAttemptAt = ?, doneAt = ?, isSent = ?
                WHERE id = ? RETURNING hookId
                """,
            arguments: [
                answer.status, answer.error, next?.milliseconds, doneAt?.milliseconds, isSent, id.rawValue,
            ])
    }

    package func deliveries(to id: OutgoingHookID, limit: Int) async throws -> [Delivery] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM hookDelivery WHERE hookId = ? ORDER BY id DESC LIMIT ?",
                arguments: [id.rawValue, limit]
            ).map(Delivery.init(row:))
        }
    }

    package func resend(_ id: DeliveryID, to hook: OutgoingHookID, at moment: Timestamp) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: """
                    UPDATE hookDelivery SET nextAttemptAt = ?, createdAt = ?, doneAt = NULL, isSent = 0, attempts = 0
                    WHERE id = ? AND hookId = ?
                    """, arguments: [moment.milliseconds, moment.milliseconds, id.rawValue, hook.rawValue])
            return db.changesCount > 0
        }
    }

    package func prune(keeping count: Int) async throws {
        try await database.writes.write { db in
            try db.execute(
                sql: """
                    DELETE FROM hookDelivery WHERE id IN (SELECT id FROM (
                        SELECT id, row_number() OVER (PARTITION BY hookId ORDER BY id DESC) AS place
                        FROM hookDelivery WHERE nextAttemptAt IS NULL) WHERE place > ?)
                    """, arguments: [count])
        }
    }
}

extension Delivery {
    /// From a row of the table `hookDelivery`.
    fileprivate init(row: Row) {
        let next = (row["nextAttemptAt"] as Int64?).map(Timestamp.init(milliseconds:))
        let done = Timestamp(milliseconds: row["doneAt"] ?? 0)
        self.init(
            id: DeliveryID(rawValue: row["id"]), seq: row["seq"],
            createdAt: Timestamp(milliseconds: row["createdAt"]), attempts: row["attempts"], status: row["status"],
            error: row["error"],
            state: next.map { .waiting(nextAttemptAt: $0) } ?? (row["isSent"] ? .sent(done) : .givenUp(done)))
    }
}
