import GRDB
import Model

/// Rooms as a person sees them. A private or direct room that one is not in does not exist.
enum SQLiteRoomQuery {
    private static let view = """
        SELECT room.*, readSeq, membership.role AS roomRole, (SELECT epoch FROM stream) AS epoch,
            (SELECT role FROM user WHERE id = :user) AS serverRole,
            (SELECT until FROM restriction WHERE roomId = room.id AND userId = :user AND kind = 'mute') AS mutedUntil,
            (SELECT until FROM restriction WHERE roomId = room.id AND userId = :user AND kind = 'ban') AS bannedUntil,
            (SELECT count(*) FROM message WHERE roomId = room.id AND seq > readSeq AND removes IS NOT NULL) AS removals
        FROM room LEFT JOIN membership ON membership.roomId = room.id AND membership.userId = :user
        """

    /// - Throws: `room_not_found`.
    static func room(_ slug: String, for user: UserID, _ db: Database) throws -> RoomView {
        let statement = try db.cachedStatement(sql: view + " WHERE slug = :slug")
        guard let row = try Row.fetchOne(statement, arguments: ["user": user.rawValue, "slug": slug]),
            let room = try roomView(row, for: user, db), room.isMember || room.kind == .public
        else { throw ChatError.roomNotFound }
        return room
    }

    static func rooms(for user: UserID, _ db: Database) throws -> [RoomView] {
        let statement = try db.cachedStatement(
            sql: view + " WHERE readSeq IS NOT NULL OR kind = 'public' ORDER BY name COLLATE NOCASE, slug")
        return try Row.fetchAll(statement, arguments: ["user": user.rawValue]).compactMap {
            try roomView($0, for: user, db)
        }
    }

    static func members(of room: RoomID, _ db: Database) throws -> [Person] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT username, name, isBot FROM user JOIN membership ON membership.userId = user.id
                WHERE roomId = ? ORDER BY username
                """)
        return try Row.fetchAll(statement, arguments: [room.rawValue]).map(Person.init(row:))
    }

    /// - Parameter tellingMutes: to somebody who may mute.
    static func members(of room: RoomID, tellingMutes: Bool, _ db: Database) throws -> [RoomMember] {
        let now = Timestamp.now
        let statement = try db.cachedStatement(
            sql: """
                SELECT username, name, user.role AS serverRole, membership.role, until FROM user
                JOIN membership ON membership.userId = user.id
                LEFT JOIN restriction ON restriction.roomId = membership.roomId
                    AND restriction.userId = user.id AND kind = 'mute'
                WHERE membership.roomId = ? ORDER BY username
                """)
        return try Row.fetchAll(statement, arguments: [room.rawValue]).map { row in
            RoomMember(
                username: row["username"], name: row["name"], role: RoomRole(rawValue: row["role"]) ?? .member,
                serverRole: Role(rawValue: row["serverRole"]) ?? .member,
                muted: tellingMutes ? Restriction(milliseconds: row["until"], at: now) : nil)
        }
    }

    private static func roomView(_ row: Row, for user: UserID, _ db: Database) throws -> RoomView? {
        guard let kind = RoomKind(rawValue: row["kind"]) else { return nil }
        let ref = RoomRef(id: RoomID(rawValue: row["id"]), slug: row["slug"])
        let readSeq: Seq? = row["readSeq"]
        var name: String = row["name"]
        var people: [Person]?
        if kind == .direct {
            let all = try members(of: ref.id, db)
            let viewer = try String.fetchOne(
                db.cachedStatement(sql: "SELECT username FROM user WHERE id = ?"), arguments: [user.rawValue])
            name = all.filter { $0.username != viewer }.map(\.name).joined(separator: ", ")
            people = all
        }
        let now = Timestamp.now
        let standing = RoomStanding(
            kind: kind, server: Role(rawValue: row["serverRole"]) ?? .guest,
            room: (row["roomRole"] as String?).flatMap(RoomRole.init(rawValue:)))
        return RoomView(
            ref: ref, name: name, topic: row["topic"], kind: kind, isMember: readSeq != nil,
            epoch: Epoch(text: row["epoch"]), lastSeq: row["lastSeq"], readSeq: readSeq ?? 0, members: people,
            pace: RoomPace(row: row), standing: standing, muted: Restriction(milliseconds: row["mutedUntil"], at: now),
            banned: Restriction(milliseconds: row["bannedUntil"], at: now), removalsUnread: row["removals"])
    }
}
