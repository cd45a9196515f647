import Foundation
import GRDB
package import Model

package struct SQLiteRoomStore: RoomStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(
        _ new: NewRoom, by user: UserID?, committed: @escaping @Sendable (RoomView) -> Void
    ) async throws -> RoomView {
        try await database.writes.write(
            { db in
                let slug = try Self.freeSlug(new.slug, db)
                try db.execute(
                    sql: "INSERT INTO room (slug, name, topic, kind, createdAt) VALUES (?, ?, ?, ?, ?)",
                    arguments: [slug, new.name, new.topic, new.kind.rawValue, Timestamp.now.milliseconds])
                let room = RoomRef(id: RoomID(rawValue: db.lastInsertedRowID), slug: slug)
                let epoch = try SQLiteMessageStore.epoch(db)
                if let user {
                    try Self.addMember(user, to: room.id, as: .owner, db)
                    return try SQLiteRoomQuery.room(slug, for: user, db)
                }
                return RoomView(
                    ref: room, name: new.name, topic: new.topic, kind: new.kind, isMember: false, epoch: epoch,
                    lastSeq: 0, readSeq: 0, members: nil)
            }, committed: committed)
    }

    package func openDirect(
        between people: Set<UserID>, for user: UserID, committed: @escaping @Sendable ([UserID: RoomView]) -> Void
    ) async throws -> RoomView {
        let key = people.map(\.rawValue).sorted().map(String.init).joined(separator: ",")
        let opened = try await database.writes.write(
            { db -> OpenedDirect in
                if let slug = try String.fetchOne(
                    db, sql: "SELECT slug FROM room WHERE directKey = ?", arguments: [key])
                {
                    return OpenedDirect(views: [user: try SQLiteRoomQuery.room(slug, for: user, db)], isNew: false)
                }
                let slug = "direct-" + UUID().uuidString.lowercased()
                try db.execute(
                    sql: "INSERT INTO room (slug, name, kind, directKey, createdAt) VALUES (?, '', 'direct', ?, ?)",
                    arguments: [slug, key, Timestamp.now.milliseconds])
                let id = RoomID(rawValue: db.lastInsertedRowID)
                for person in people { try Self.addMember(person, to: id, db) }
                var views: [UserID: RoomView] = [:]
                for person in people { views[person] = try SQLiteRoomQuery.room(slug, for: person, db) }
                return OpenedDirect(views: views, isNew: true)
            }, committed: { if $0.isNew { committed($0.views) } })
        guard let view = opened.views[user] else { throw ChatError.roomNotFound }
        return view
    }

    package func join(
        _ slug: String, user: UserID, committed: @escaping @Sendable (RoomView) -> Void
    ) async throws -> RoomView {
        try await admit(slug, committed: committed) { db in
            let before = try SQLiteRoomQuery.room(slug, for: user, db)
            guard before.kind != .direct else { throw Self.directRoomFixed }
            if let ban = before.banned, !before.isMember {
                throw ChatError(.banned, "You are banned from this room \(ban.words).")
            }
            return (user, before.ref.id)
        }
    }

    package func invite(
        _ invited: UserID, to slug: String, by user: UserID, committed: @escaping @Sendable (RoomView) -> Void
    ) async throws -> RoomView {
        try await admit(slug, committed: committed) { db in
            let room = try SQLiteRoomQuery.room(slug, for: user, db)
            guard room.isMember else { throw ChatError.notAMember }
            guard room.kind != .direct else { throw Self.directRoomFixed }
            guard try Restriction.find(.ban, of: invited, in: room.ref.id, db) == nil else {
                throw ChatError(
                    .banned, "This person is banned from the room. A moderator can lift that.", field: "username")
            }
            return (invited, room.ref.id)
        }
    }

    package func leave(
        _ slug: String, user: UserID, committed: @escaping @Sendable (Removed) -> Void
    ) async throws {
        _ = try await database.writes.write(
            { db -> Removed? in
                let room = try SQLiteRoomQuery.room(slug, for: user, db)
                guard room.kind != .direct else { throw Self.directRoomFixed }
                guard room.isMember else { return nil }
                let heir = try Self.removeMember(user, from: room.ref, db)
                return Removed(user: user, room: room.ref, wasMember: true, place: nil, heir: heir)
            }, committed: { $0.map(committed) })
    }

    package func room(_ slug: String, for user: UserID) async throws -> RoomView {
        try await database.read { try SQLiteRoomQuery.room(slug, for: user, $0) }
    }

    package func rooms(for user: UserID) async throws -> [RoomView] {
        try await database.read { try SQLiteRoomQuery.rooms(for: user, $0) }
    }

    package func memberships(of user: UserID) async throws -> [RoomRef] {
        try await database.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: "SELECT id, slug FROM room JOIN membership ON roomId = id WHERE userId = ?"),
                arguments: [user.rawValue]
            ).map { RoomRef(id: RoomID(rawValue: $0["id"]), slug: $0["slug"]) }
        }
    }

    package func members(of slug: String, for user: UserID) async throws -> [RoomMember] {
        try await database.read { db in
            let room = try SQLiteRoomQuery.room(slug, for: user, db)
            let looksAfter = room.standing.permissions.contains(.restrain)
            guard room.isMember || looksAfter else { throw ChatError.notAMember }
            return try SQLiteRoomQuery.members(of: room.ref.id, tellingMutes: looksAfter, db)
        }
    }

    package func neighbours(of user: UserID, membersMax: Int) async throws -> [Neighbour] {
        try await database.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT DISTINCT user.id, user.username FROM membership AS mine
                        JOIN membership AS theirs ON theirs.roomId = mine.roomId AND theirs.userId <> mine.userId
                        JOIN user ON user.id = theirs.userId
                        WHERE mine.userId = ? AND
                            (SELECT count(*) FROM membership WHERE membership.roomId = mine.roomId) <= ?
                        """), arguments: [user.rawValue, membersMax]
            ).map { Neighbour(user: UserID(rawValue: $0["id"]), username: $0["username"]) }
        }
    }

    package func allRooms() async throws -> [RoomSummary] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT *, (SELECT count(*) FROM membership WHERE roomId = room.id) AS members,
                        (SELECT username FROM membership JOIN user ON user.id = userId
                         WHERE roomId = room.id AND membership.role = 'owner') AS owner
                    FROM room WHERE kind <> 'direct' ORDER BY slug
                    """
            ).map(RoomSummary.init(row:))
        }
    }

    /// The rooms of a direct conversation that was opened, by who sees them so.
    private struct OpenedDirect: Sendable {
        let views: [UserID: RoomView]
        let isNew: Bool
    }

    private static let directRoomFixed = ChatError(
        .directRoomFixed, "The people of a direct room stay the same; open another one instead.")

    /// Adds the person whom `authorise` names to the room that it names, and answers with how they see it.
    private func admit(
        _ slug: String, committed: @escaping @Sendable (RoomView) -> Void,
        authorise: @escaping @Sendable (Database) throws -> (UserID, RoomID)
    ) async throws -> RoomView {
        let admitted = try await database.writes.write(
            { db -> (view: RoomView, isNew: Bool) in
                let (person, room) = try authorise(db)
                let isNew = try Self.addMember(person, to: room, db)
                return (try SQLiteRoomQuery.room(slug, for: person, db), isNew)
            }, committed: { if $0.isNew { committed($0.view) } })
        return admitted.view
    }

    /// A new member has read everything that was said before they came. In slow mode they wait once, so that coming
    /// back is no way around it.
    /// - Returns: whether they were not in it yet.
    @discardableResult
    static func addMember(
        _ user: UserID, to room: RoomID, as role: RoomRole = .member, _ db: Database
    ) throws -> Bool {
        let now = Timestamp.now.milliseconds
        try db.execute(
            sql: """
                INSERT INTO membership (roomId, userId, readSeq, joinedAt, role, spokeAt)
                SELECT id, ?, lastSeq, ?, ?, iif(slowSeconds > 0, ?, 0) FROM room WHERE id = ?
                ON CONFLICT DO NOTHING
                """, arguments: [user.rawValue, now, role.rawValue, now, room.rawValue])
        return db.changesCount > 0
    }

    /// - Returns: who owns the room from now on, where it lost its owner and has moderators.
    static func removeMember(
        _ user: UserID, from room: RoomRef, _ db: Database
    ) throws -> (user: UserID, place: OwnPlace)? {
        let role = try String.fetchOne(
            db, sql: "DELETE FROM membership WHERE roomId = ? AND userId = ? RETURNING role",
            arguments: [room.id.rawValue, user.rawValue])
        guard role == RoomRole.owner.rawValue else { return nil }
        let heir = try Int64.fetchOne(
            db,
            sql: """
                UPDATE membership SET role = 'owner' WHERE roomId = :room AND userId = (
                    SELECT userId FROM membership JOIN user ON user.id = userId
                    WHERE roomId = :room AND membership.role = 'moderator' AND user.isDisabled = 0
                    ORDER BY joinedAt, userId LIMIT 1)
                RETURNING userId
                """, arguments: ["room": room.id.rawValue])
        guard let heir = heir.map(UserID.init(rawValue:)) else { return nil }
        return (heir, try SQLiteModerationStore.ownPlace(of: heir, in: room, db))
    }

    private static func freeSlug(_ choice: NewRoom.SlugChoice, _ db: Database) throws -> String {
        func isTaken(_ slug: String) throws -> Bool {
            try Bool.fetchOne(
                db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM room WHERE slug = ?)"), arguments: [slug]) ?? true
        }
        switch choice {
        case .exactly(let slug):
            guard try !isTaken(slug) else {
                throw ChatError(.slugTaken, "There is a room at this address already.", field: "slug")
            }
            return slug
        case .like(let base):
            let stem = base.isEmpty ? "room" : base
            if try !isTaken(stem) { return stem }
            // A few numbers that read well, then one that is surely free: no search that grows with the rooms.
            for number in 2...20 where try !isTaken("\(stem)-\(number)") { return "\(stem)-\(number)" }
            return "\(stem)-\(UInt32.random(in: 100_000...UInt32.max))"
        }
    }
}
