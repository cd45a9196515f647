import GRDB
import Model

/// Rooms as a person sees them. A private or direct room that one is not in does not exist.
enum SQLiteRoomQuery {
    private static let view = """
        SELECT room.*, readSeq, (SELECT epoch FROM stream) AS epoch FROM room
        LEFT JOIN membership ON membership.roomId = room.id AND membership.userId = :user
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
        return RoomView(
            ref: ref, name: name, topic: row["topic"], kind: kind, isMember: readSeq != nil,
            epoch: Epoch(text: row["epoch"]), lastSeq: row["lastSeq"], readSeq: readSeq ?? 0, members: people)
    }
}
