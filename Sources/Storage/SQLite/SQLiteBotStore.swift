import GRDB
package import Model

package struct SQLiteBotStore: BotStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(
        username: String, name: String, owner: UserID, max: Int, audit: NewAuditEntry
    ) async throws -> User {
        try await database.writes.write { db in
            let count = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM bot WHERE ownerId = ? AND deletedAt IS NULL",
                arguments: [owner.rawValue])
            guard count ?? 0 < max else {
                throw ChatError(.tooManyBots, "You answer for \(max) bots already. Delete one that is not used.")
            }
            let user = try Self.insertUser(username: username, name: name, db)
            try db.execute(
                sql: "INSERT INTO bot (userId, ownerId) VALUES (?, ?)", arguments: [user.id.rawValue, owner.rawValue])
            try SQLiteAuditStore.append(audit, db)
            return user
        }
    }

    package func bots(of owner: UserID?) async throws -> [Bot] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: Self.select + " AND (:owner IS NULL OR ownerId = :owner) ORDER BY user.username",
                arguments: ["owner": owner?.rawValue]
            ).map { Bot(user: try User(row: $0), owner: $0["ownerName"]) }
        }
    }

    package func bot(named username: String) async throws -> (bot: Bot, owner: UserID)? {
        try await database.read { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: Self.select + " AND user.username = ?", arguments: [username.lowercased()])
            else { return nil }
            return (Bot(user: try User(row: row), owner: row["ownerName"]), UserID(rawValue: row["ownerId"]))
        }
    }

    package func delete(
        _ id: UserID, audit: NewAuditEntry, committed: @escaping @Sendable ([RoomRef]) -> Void
    ) async throws -> Bool {
        let left = try await database.writes.write(
            { db -> [RoomRef]? in
                try db.execute(
                    sql: "UPDATE bot SET deletedAt = ? WHERE userId = ? AND deletedAt IS NULL",
                    arguments: [Timestamp.now.milliseconds, id.rawValue])
                guard db.changesCount > 0 else { return nil }
                try SQLiteAuditStore.append(audit, db)
                return try Self.retire(id, db)
            }, committed: { $0.map(committed) })
        return left != nil
    }

    /// A bot's account. Its role is the lowest that can do something without being let in first; its names keep to what
    /// holds for people's.
    /// - Throws: `username_taken`; `invalid_field` where it would be taken for somebody who keeps order here.
    static func insertUser(username: String, name: String, _ db: Database) throws -> User {
        let isTaken = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM user WHERE username = ?)", arguments: [username])
        guard isTaken != true, try !SQLiteUserStore.wasDeleted(username, db) else {
            throw ChatError(.usernameTaken, "This username is taken.", field: "username")
        }
        try SQLiteLookAlikes.checkUsername(username, db)
        let name = try SQLiteLookAlikes.name(name, of: username, nil, isBot: true, db)
        // No hash of any password.
        try db.execute(
            sql: """
                INSERT INTO user (username, name, nameKey, role, passwordHash, createdAt, isBot)
                VALUES (?, ?, ?, 'member', '!', ?, 1)
                """, arguments: [username, name.shown, name.key, Timestamp.now.milliseconds])
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT \(User.columns) FROM user WHERE id = ?", arguments: [db.lastInsertedRowID])
        else { throw ChatError.internal }
        return try User(row: row)
    }

    /// - Returns: the rooms that it left.
    static func retire(_ id: UserID, _ db: Database) throws -> [RoomRef] {
        let rooms = try Row.fetchAll(
            db, sql: "SELECT id, slug FROM room JOIN membership ON roomId = id WHERE userId = ?",
            arguments: [id.rawValue]
        ).map { RoomRef(id: RoomID(rawValue: $0["id"]), slug: $0["slug"]) }
        try db.execute(sql: "DELETE FROM membership WHERE userId = ?", arguments: [id.rawValue])
        try db.execute(sql: "UPDATE user SET isDisabled = 1 WHERE id = ?", arguments: [id.rawValue])
        _ = try SQLiteSessionStore.endAll(of: id, but: nil, withTokens: true, db)
        return rooms
    }

    private static let select = """
        SELECT \(User.columns), bot.ownerId, owner.username AS ownerName FROM bot
        JOIN user ON user.id = bot.userId JOIN user AS owner ON owner.id = bot.ownerId WHERE bot.deletedAt IS NULL
        """
}
