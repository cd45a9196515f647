import GRDB
package import Model

package struct SQLiteProfileStore: ProfileStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func profile(of user: UserID, now: Timestamp) async throws -> Profile {
        try await database.read { try Self.profile(of: user, now: now, $0) }
    }

    package func change(
        _ change: ProfileChange, of user: UserID,
        committed: @escaping @Sendable (Person, Profile, [RoomID]) -> Void
    ) async throws {
        _ = try await database.writes.write(
            { db in
                try Self.apply(change, to: user, db)
                guard
                    let row = try Row.fetchOne(
                        db, sql: "SELECT \(User.columns) FROM user WHERE id = ?", arguments: [user.rawValue])
                else { throw ChatError.internal }
                let rooms = try Int64.fetchAll(
                    db, sql: "SELECT roomId FROM membership WHERE userId = ?", arguments: [user.rawValue])
                return Changed(
                    person: try User(row: row).person, profile: try Self.profile(of: user, now: .now, db),
                    rooms: rooms.map(RoomID.init(rawValue:)))
            }, committed: { committed($0.person, $0.profile, $0.rooms) })
    }

    package func sharedRooms(of user: UserID, with other: UserID) async throws -> [RoomView] {
        try await database.read { db in
            let shared = Set(
                try Int64.fetchAll(
                    db,
                    sql: """
                        SELECT mine.roomId FROM membership AS mine
                        JOIN membership AS theirs ON theirs.roomId = mine.roomId
                        WHERE mine.userId = ? AND theirs.userId = ?
                        """, arguments: [user.rawValue, other.rawValue]))
            return try SQLiteRoomQuery.rooms(for: user, db).filter {
                shared.contains($0.ref.id.rawValue) && $0.kind != .direct
            }
        }
    }

    package func areTogether(_ user: UserID, _ other: UserID) async throws -> Bool {
        try await database.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM membership AS mine
                    JOIN membership AS theirs ON theirs.roomId = mine.roomId
                    WHERE mine.userId = ? AND theirs.userId = ?)
                    """, arguments: [user.rawValue, other.rawValue]) ?? false
        }
    }

    private struct Changed: Sendable {
        let person: Person
        let profile: Profile
        let rooms: [RoomID]
    }

    private static func apply(_ change: ProfileChange, to user: UserID, _ db: Database) throws {
        let id = user.rawValue
        if let name = change.name {
            let username = try String.fetchOne(db, sql: "SELECT username FROM user WHERE id = ?", arguments: [id])
            let name = try SQLiteLookAlikes.name(name, of: username ?? "", user, db)
            try db.execute(
                sql: "UPDATE user SET name = ?, nameKey = ? WHERE id = ?", arguments: [name.shown, name.key, id])
        }
        try db.execute(sql: "INSERT INTO profile (userId) VALUES (?) ON CONFLICT DO NOTHING", arguments: [id])
        if let bio = change.bio {
            try db.execute(sql: "UPDATE profile SET bio = ? WHERE userId = ?", arguments: [bio, id])
        }
        if let zone = change.timeZone {
            try db.execute(
                sql: "UPDATE profile SET timeZone = nullif(?, '') WHERE userId = ?", arguments: [zone, id])
        }
        if let language = change.language {
            try db.execute(
                sql: "UPDATE profile SET language = ? WHERE userId = ?", arguments: [language.rawValue, id])
        }
        let status: PersonStatus?
        switch change.status {
        case nil: return
        case .clear: status = nil
        case .set(let new): status = new
        }
        try db.execute(
            sql: "UPDATE profile SET statusEmoji = ?, statusText = ?, statusUntil = ? WHERE userId = ?",
            arguments: [status?.emoji, status?.text, status?.until?.milliseconds, id])
    }

    static func profile(of user: UserID, now: Timestamp, _ db: Database) throws -> Profile {
        let statement = try db.cachedStatement(sql: "SELECT * FROM profile WHERE userId = ?")
        guard let row = try Row.fetchOne(statement, arguments: [user.rawValue]) else { return Profile() }
        let text: String? = row["statusText"]
        let until: Int64? = row["statusUntil"]
        let status = text.map {
            PersonStatus(emoji: row["statusEmoji"], text: $0, until: until.map(Timestamp.init(milliseconds:)))
        }
        return Profile(
            bio: row["bio"], status: status.flatMap { $0.isOver(at: now) ? nil : $0 }, timeZone: row["timeZone"],
            language: Language(rawValue: row["language"]) ?? .english)
    }
}
