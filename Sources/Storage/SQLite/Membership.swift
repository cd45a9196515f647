import GRDB
import Model

/// A person's place in a room. Finding it is the authorisation.
struct Membership {
    let room: RoomRef
    let person: Person
    let lastSeq: Seq
    let readSeq: Seq
    /// What holds the person back from writing; `nil` where nothing does.
    let hold: WritingHold?

    /// - Throws: `not_a_member` for a public room, `room_not_found` for any other.
    init(_ slug: String, _ user: UserID, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT room.id, room.lastSeq, room.kind, slowSeconds, isLocked, isAnnouncement, membership.readSeq,
                    membership.role AS roomRole, spokeAt, user.username, user.name, user.isBot,
                    user.role AS serverRole,
                    restriction.until AS mutedUntil
                FROM room JOIN membership ON membership.roomId = room.id JOIN user ON user.id = membership.userId
                LEFT JOIN restriction ON restriction.roomId = room.id AND restriction.userId = user.id AND
                    restriction.kind = 'mute'
                WHERE room.slug = ? AND membership.userId = ? AND user.isDisabled = 0
                """)
        guard let row = try Row.fetchOne(statement, arguments: [slug, user.rawValue]) else {
            let kind = try String.fetchOne(
                db.cachedStatement(sql: "SELECT kind FROM room WHERE slug = ?"), arguments: [slug])
            throw kind == RoomKind.public.rawValue ? ChatError.notAMember : ChatError.roomNotFound
        }
        room = RoomRef(id: RoomID(rawValue: row["id"]), slug: slug)
        person = Person(row: row)
        lastSeq = row["lastSeq"]
        readSeq = row["readSeq"]
        hold = WritingHold(row: row)
    }
}
