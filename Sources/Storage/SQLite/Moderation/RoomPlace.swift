import GRDB
import Model

/// What a person is to a room, looked up where something is about to be done there.
struct RoomPlace {
    let room: RoomRef
    let name: String
    let standing: RoomStanding
    let user: UserID
    let username: String
    let personName: String

    var isMember: Bool { standing.room != nil }

    /// - Throws: `room_not_found` for a room that the person may not see.
    init(_ slug: String, _ user: UserID, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT room.id, room.name, room.kind, user.id AS userId, user.username, user.name AS personName,
                    user.role AS serverRole, membership.role AS roomRole FROM room
                JOIN user ON user.id = ? AND user.isDisabled = 0
                LEFT JOIN membership ON membership.roomId = room.id AND membership.userId = user.id
                WHERE room.slug = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [user.rawValue, slug]) else {
            throw ChatError.roomNotFound
        }
        try self.init(row, slug)
        let isVisible = isMember || standing.kind == .public && standing.server.permissions.contains(.joinRooms)
        guard isVisible else { throw ChatError.roomNotFound }
    }

    /// Somebody else's, by name, whether they are in the room or not.
    /// - Throws: `user_not_found`.
    init(of username: String, in room: RoomRef, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT room.id, room.name, room.kind, user.id AS userId, user.username, user.name AS personName,
                    user.role AS serverRole, membership.role AS roomRole FROM room
                JOIN user ON user.username = ?
                LEFT JOIN membership ON membership.roomId = room.id AND membership.userId = user.id
                WHERE room.id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [username.lowercased(), room.id.rawValue]) else {
            throw ChatError(.userNotFound, "There is nobody called \(username.excerpt(64)).", field: "username")
        }
        try self.init(row, room.slug)
    }

    private init(_ row: Row, _ slug: String) throws {
        guard let kind = RoomKind(rawValue: row["kind"]), let server = Role(rawValue: row["serverRole"]) else {
            throw ChatError.internal
        }
        room = RoomRef(id: RoomID(rawValue: row["id"]), slug: slug)
        name = row["name"]
        standing = RoomStanding(
            kind: kind, server: server, room: (row["roomRole"] as String?).flatMap(RoomRole.init(rawValue:)))
        user = UserID(rawValue: row["userId"])
        username = row["username"]
        personName = row["personName"]
    }

    var notInRoom: ChatError {
        ChatError(.userNotFound, "\(username) is not in this room.", field: "username")
    }
}

extension Restriction {
    /// In the database: the largest number where it does not end by itself.
    var milliseconds: Int64 { until?.milliseconds ?? .max }

    /// - Returns: `nil` where there is none, or none any more.
    init?(milliseconds: Int64?, at now: Timestamp) {
        guard let milliseconds, milliseconds > now.milliseconds else { return nil }
        self.init(until: milliseconds == .max ? nil : Timestamp(milliseconds: milliseconds))
    }

    static func find(_ kind: Kind, of user: UserID, in room: RoomID, _ db: Database) throws -> Restriction? {
        let until = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT until FROM restriction WHERE roomId = ? AND userId = ? AND kind = ?"),
            arguments: [room.rawValue, user.rawValue, kind.rawValue])
        return Restriction(milliseconds: until, at: .now)
    }
}
