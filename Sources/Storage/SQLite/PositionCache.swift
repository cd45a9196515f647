import GRDB
import Model

/// What the writer remembers of rooms and members from one message to the next, so that a message costs one insertion
/// and not three look-ups besides. Positions that moved are written once for all messages of a group.
///
/// It belongs to the writer (`CommitGroup`), which forgets it whenever anything else may have changed the tables.
struct PositionCache: Sendable {
    /// Most members that are remembered; beyond it begins anew.
    private static let membersMax = 20_000

    struct Member: Sendable {
        let person: Person
        let room: RoomRef
        fileprivate(set) var readSeq: Seq
        fileprivate let roomIndex: Int
        fileprivate let user: UserID
        fileprivate var hasMoved = false
        fileprivate(set) var hold: WritingHold?
        /// When the person last wrote, in milliseconds; 0 where that was before the cache began.
        fileprivate var spokeAt: Int64 = 0
    }

    private struct Room {
        let id: RoomID
        var lastSeq: Seq
        var hasMoved = false
    }

    private struct Place: Hashable {
        let slug: String
        let user: UserID
    }

    private var rooms: [Room] = []
    private var members: [Member] = []
    private var roomIndexes: [RoomID: Int] = [:]
    private var memberIndexes: [Place: Int] = [:]
    private var movedRooms: [Int] = []
    private var movedMembers: [Int] = []
    /// Messages since the last commit.
    private var messageCount: Int64 = 0

    /// Finds a person's place in a room. Finding it is the authorisation.
    /// - Returns: what to name the member by until the cache forgets.
    /// - Throws: `not_a_member` for a public room, `room_not_found` for any other.
    mutating func member(_ slug: String, _ user: UserID, _ db: Database) throws -> Int {
        let place = Place(slug: slug, user: user)
        if let index = memberIndexes[place] { return index }
        let found = try Membership(slug, user, db)
        let roomIndex = roomIndexes[found.room.id] ?? rooms.count
        if roomIndex == rooms.count {
            rooms.append(Room(id: found.room.id, lastSeq: found.lastSeq))
            roomIndexes[found.room.id] = roomIndex
        }
        members.append(
            Member(
                person: found.person, room: found.room, readSeq: found.readSeq, roomIndex: roomIndex, user: user,
                hold: found.hold))
        memberIndexes[place] = members.count - 1
        return members.count - 1
    }

    subscript(index: Int) -> Member { members[index] }

    /// The newest message's place in a member's room.
    func lastSeq(of index: Int) -> Seq { rooms[members[index].roomIndex].lastSeq }

    /// The member has said something; whoever speaks has read what is there, their own words included.
    mutating func spoke(_ index: Int, seq: Seq, at now: Timestamp) {
        members[index].spokeAt = now.milliseconds
        if members[index].hold != nil { members[index].hold?.spoke(at: now) }
        let room = members[index].roomIndex
        rooms[room].lastSeq = seq
        messageCount += 1
        if !rooms[room].hasMoved {
            rooms[room].hasMoved = true
            movedRooms.append(room)
        }
        read(index, seq: seq)
    }

    mutating func read(_ index: Int, seq: Seq) {
        members[index].readSeq = seq
        guard !members[index].hasMoved else { return }
        members[index].hasMoved = true
        movedMembers.append(index)
    }

    /// Writes the positions that moved. Has to happen before anybody else looks at the tables, and before the commit.
    mutating func save(_ db: Database) throws {
        for index in movedRooms {
            try db.cachedStatement(sql: "UPDATE room SET lastSeq = ? WHERE id = ?")
                .execute(arguments: [rooms[index].lastSeq, rooms[index].id.rawValue])
            rooms[index].hasMoved = false
        }
        for index in movedMembers {
            let member = members[index]
            try db.cachedStatement(
                sql: "UPDATE membership SET readSeq = ?, spokeAt = max(spokeAt, ?) WHERE roomId = ? AND userId = ?"
            ).execute(arguments: [
                member.readSeq, member.spokeAt, member.room.id.rawValue, member.user.rawValue,
            ])
            members[index].hasMoved = false
        }
        movedRooms.removeAll(keepingCapacity: true)
        movedMembers.removeAll(keepingCapacity: true)
    }

    /// After a commit: how many messages there were in it.
    mutating func takeMessageCount() -> Int64 {
        defer { messageCount = 0 }
        return messageCount
    }

    /// Has to be saved before, or be worth nothing because nothing was committed.
    mutating func forget() {
        let count = messageCount
        self = PositionCache()
        messageCount = count
    }

    mutating func forgetIfFull() {
        if members.count > Self.membersMax { forget() }
    }
}
