import GRDB
package import Model

package struct SQLiteModerationStore: ModerationStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func setRole(
        _ role: RoomRole, of username: String, in slug: String, by actor: UserID,
        committed: @escaping @Sendable (RoomRef, [UserID: OwnPlace]) -> Void
    ) async throws {
        let changed = try await database.writes.write(
            { db -> (room: RoomRef, places: [UserID: OwnPlace]) in
                let (mine, theirs) = try Self.places(actor, .appoint, username, slug, db)
                guard let now = theirs.standing.room else { throw theirs.notInRoom }
                guard now != role else { return (mine.room, [:]) }
                // Whoever hands the room over gives up what they have; nobody else is put down with it.
                if mine.user != theirs.user { try mine.standing.require(above: theirs.standing) }
                guard role == .owner || now != .owner else {
                    throw ChatError(.notAllowed, "Hand the room over first: it needs an owner.", field: "username")
                }
                var changed = [theirs.user]
                if role == .owner { changed += try Self.setOwner(theirs.user, of: mine.room.id, db) }
                try Self.set(role, of: theirs.user, in: mine.room.id, db)
                try SQLiteAuditStore.append(
                    NewAuditEntry(
                        role == .owner ? .handRoomOver : .setRoomRole, theirs.username, by: mine.username,
                        details: "\(slug): \(now.rawValue) to \(role.rawValue)"), db)
                var places: [UserID: OwnPlace] = [:]
                for user in changed { places[user] = try Self.ownPlace(of: user, in: mine.room, db) }
                return (mine.room, places)
            }, committed: { if !$0.places.isEmpty { committed($0.room, $0.places) } })
        _ = changed
    }

    package func kick(
        _ username: String, from slug: String, reason: String, by actor: UserID,
        committed: @escaping @Sendable (Removed) -> Void
    ) async throws {
        _ = try await database.writes.write(
            { db in
                let (mine, theirs) = try Self.places(actor, .restrain, username, slug, db)
                guard theirs.isMember else { throw theirs.notInRoom }
                try mine.standing.require(above: theirs.standing)
                try SQLiteAuditStore.append(
                    NewAuditEntry(.kick, theirs.username, by: mine.username, details: Self.details(slug, reason)), db)
                return try Self.remove(theirs, db)
            }, committed: committed)
    }

    package func restrict(
        _ username: String, in slug: String, _ kind: Restriction.Kind, _ restriction: Restriction, reason: String,
        by actor: UserID, committed: @escaping @Sendable (Removed) -> Void
    ) async throws {
        _ = try await database.writes.write(
            { db in
                let (mine, theirs) = try Self.places(actor, .restrain, username, slug, db)
                try mine.standing.require(above: theirs.standing)
                try db.execute(
                    sql: """
                        INSERT OR REPLACE INTO restriction (roomId, userId, kind, until, createdAt, actorId, reason)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        mine.room.id.rawValue, theirs.user.rawValue, kind.rawValue, restriction.milliseconds,
                        Timestamp.now.milliseconds, mine.user.rawValue, reason,
                    ])
                let end = restriction.until.map { ", until \($0.iso8601)" } ?? ""
                try SQLiteAuditStore.append(
                    NewAuditEntry(
                        kind == .ban ? .ban : .mute, theirs.username, by: mine.username,
                        details: Self.details(slug + end, reason)), db)
                return kind == .ban ? try Self.remove(theirs, db) : try Self.unmoved(theirs, db)
            }, committed: committed)
    }

    package func lift(
        _ kind: Restriction.Kind, of username: String, in slug: String, by actor: UserID,
        committed: @escaping @Sendable (Removed) -> Void
    ) async throws {
        _ = try await database.writes.write(
            { db in
                let (mine, theirs) = try Self.places(actor, .restrain, username, slug, db)
                try mine.standing.require(above: theirs.standing)
                try db.execute(
                    sql: "DELETE FROM restriction WHERE roomId = ? AND userId = ? AND kind = ?",
                    arguments: [mine.room.id.rawValue, theirs.user.rawValue, kind.rawValue])
                guard db.changesCount > 0 else {
                    throw ChatError(
                        .userNotFound, "\(theirs.username) is not \(kind == .ban ? "banned" : "muted") here.",
                        field: "username")
                }
                try SQLiteAuditStore.append(
                    NewAuditEntry(
                        kind == .ban ? .unban : .unmute, theirs.username, by: mine.username, details: slug), db)
                return try Self.unmoved(theirs, db)
            }, committed: committed)
    }

    package func restrictions(
        _ kind: Restriction.Kind, in slug: String, for user: UserID
    ) async throws -> [RestrictedPerson] {
        try await database.read { db in
            let place = try RoomPlace(slug, user, db)
            try place.standing.require(.restrain)
            let now = Timestamp.now
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT restriction.until, restriction.reason, user.username, user.name, actor.username AS actor
                    FROM restriction JOIN user ON user.id = restriction.userId
                    LEFT JOIN user AS actor ON actor.id = restriction.actorId
                    WHERE roomId = ? AND kind = ? AND until > ? ORDER BY user.username LIMIT 1000
                    """, arguments: [place.room.id.rawValue, kind.rawValue, now.milliseconds]
            ).compactMap { row in
                Restriction(milliseconds: row["until"], at: now).map {
                    RestrictedPerson(
                        person: Person(username: row["username"], name: row["name"]), restriction: $0,
                        reason: row["reason"], by: row["actor"])
                }
            }
        }
    }

    // MARK: Places

    /// The actor's place, which has to have a permission, and that of whom they act on.
    private static func places(
        _ actor: UserID, _ permission: RoomPermission, _ username: String, _ slug: String, _ db: Database
    ) throws -> (mine: RoomPlace, theirs: RoomPlace) {
        let mine = try RoomPlace(slug, actor, db)
        try mine.standing.require(permission)
        return (mine, try RoomPlace(of: username, in: mine.room, db))
    }

    private static func details(_ text: String, _ reason: String) -> String {
        reason.isEmpty ? text : "\(text): \(reason)"
    }

    private static func set(_ role: RoomRole, of user: UserID, in room: RoomID, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE membership SET role = ? WHERE roomId = ? AND userId = ?",
            arguments: [role.rawValue, room.rawValue, user.rawValue])
    }

    /// - Returns: who owned it before, and moderates it now.
    private static func setOwner(_ user: UserID, of room: RoomID, _ db: Database) throws -> [UserID] {
        try Int64.fetchAll(
            db,
            sql: """
                UPDATE membership SET role = 'moderator' WHERE roomId = ? AND role = 'owner' AND userId <> ?
                RETURNING userId
                """, arguments: [room.rawValue, user.rawValue]
        ).map(UserID.init(rawValue:))
    }

    private static func remove(_ theirs: RoomPlace, _ db: Database) throws -> Removed {
        let heir = try SQLiteRoomStore.removeMember(theirs.user, from: theirs.room, db)
        return Removed(
            user: theirs.user, room: theirs.room, wasMember: theirs.isMember, place: nil, heir: heir)
    }

    private static func unmoved(_ theirs: RoomPlace, _ db: Database) throws -> Removed {
        Removed(
            user: theirs.user, room: theirs.room, wasMember: theirs.isMember,
            place: theirs.isMember ? try ownPlace(of: theirs.user, in: theirs.room, db) : nil, heir: nil)
    }

    static func ownPlace(of user: UserID, in room: RoomRef, _ db: Database) throws -> OwnPlace {
        let place = try RoomPlace(room.slug, user, db)
        return OwnPlace(
            role: place.standing.room ?? .member, permissions: place.standing.permissions,
            muted: try Restriction.find(.mute, of: user, in: room.id, db))
    }
}
