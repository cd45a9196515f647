import Foundation
import GRDB
import Model
import Storage
import Testing

@Suite("The position in a room's stream")
struct StreamPositionTests {
    /// A room with messages 1 to 5.
    private func withMessages(_ body: (TemporarySQLite, User, Epoch) async throws -> Void) async throws {
        try await TemporarySQLite.with { sqlite in
            #expect(try sqlite.database.beginStream() == false)
            let user = try await sqlite.stores.makeUser("titania")
            let room = try await sqlite.stores.makeRoom("lobby", by: user)
            for number in 1...5 { _ = try await sqlite.stores.append("\(number)", to: "lobby", by: user) }
            try await body(sqlite, user, room.epoch)
        }
    }

    private func missed(
        _ sqlite: TemporarySQLite, _ epoch: Epoch, _ seq: Seq, limit: Int = 10, by user: User
    ) async throws -> MissedMessages {
        try await sqlite.stores.messages.missed(
            "lobby", since: StreamPosition(epoch: epoch, seq: seq), limit: limit, for: user.id)
    }

    @Test("Whoever missed something gets exactly that", arguments: 0...5)
    func exactly(seq: Int) async throws {
        try await withMessages { sqlite, user, epoch in
            let missed = try await missed(sqlite, epoch, Seq(seq), by: user)
            #expect(!missed.mustReload)
            #expect(missed.messages.map(\.seq) == Array((1...5).dropFirst(seq)))
            #expect(missed.position == StreamPosition(epoch: epoch, seq: 5))
        }
    }

    @Test("Whoever is of another epoch, ahead, or too far behind is told to reload and gets nothing")
    func reload() async throws {
        try await withMessages { sqlite, user, epoch in
            for (epoch, seq, limit) in [(Epoch(text: "other"), 5, 10), (epoch, 6, 10), (epoch, 1, 3)] {
                let missed = try await missed(sqlite, epoch, Seq(seq), limit: limit, by: user)
                #expect(missed.mustReload && missed.messages.isEmpty)
                #expect(missed.position.seq == 5)
            }
            #expect(try await missed(sqlite, epoch, 2, limit: 3, by: user).messages.count == 3)
        }
    }

    @Test("Somebody who is not in the room gets nothing")
    func outsider() async throws {
        try await withMessages { sqlite, _, epoch in
            let puck = try await sqlite.stores.makeUser("puck")
            await #expect(performing: { try await missed(sqlite, epoch, 0, by: puck) }, throws: isRefusal(.notAMember))
        }
    }

    /// What a server finds that starts on this directory.
    private func startAgain(_ path: String) throws -> Bool {
        let database = try SQLiteDatabase(path: path, logger: .quiet)
        defer { try? database.close() }
        return try database.beginStream()
    }

    @Test("A database that is found as it was left keeps its epoch")
    func restart() async throws {
        try await withMessages { sqlite, _, _ in
            try sqlite.database.close()
            #expect(try startAgain(sqlite.path) == false)
            #expect(try startAgain(sqlite.path) == false)
        }
    }

    @Test("A copy put back over the file, which is behind its witness, gets a new epoch")
    func restoredInPlace() async throws {
        try await withMessages { sqlite, user, epoch in
            let backup = sqlite.directory + "/backup.db"
            try await DatabaseQueue(path: sqlite.path).vacuum(into: backup)
            _ = try await sqlite.stores.append("said after the backup", to: "lobby", by: user)
            try sqlite.database.close()
            // As `cp backup.db parley.db` does: the same file with other contents.
            try Data(contentsOf: URL(fileURLWithPath: backup)).write(to: URL(fileURLWithPath: sqlite.path), options: [])
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: sqlite.path + suffix) }
            #expect(try startAgain(sqlite.path) == true)
            #expect(try startAgain(sqlite.path) == false, "and only once")
            let now = try sqlite.raw { try String.fetchOne($0, sql: "SELECT epoch FROM stream") }
            #expect(now != epoch.text)
        }
    }

    @Test("A whole directory that was put back, witness and all, is another file and gets a new epoch")
    func restoredDirectory() async throws {
        try await withMessages { sqlite, _, _ in
            try sqlite.database.close()
            let copy = sqlite.directory + "-copy"
            try FileManager.default.copyItem(atPath: sqlite.directory, toPath: copy)
            defer { try? FileManager.default.removeItem(atPath: copy) }
            #expect(try startAgain(copy + "/parley.db") == true)
        }
    }
}

@Suite("What the writer remembers")
struct PositionCacheTests {
    @Test("A change by another process counts from the next message on")
    func otherProcess() async throws {
        try await TemporarySQLite.with { sqlite in
            let user = try await sqlite.stores.makeUser("titania")
            _ = try await sqlite.stores.makeRoom("lobby", by: user)
            _ = try await sqlite.stores.append("one", to: "lobby", by: user)
            try sqlite.raw { try $0.execute(sql: "UPDATE user SET isDisabled = 1, name = 'Gone'") }
            await #expect(
                performing: { try await sqlite.stores.append("two", to: "lobby", by: user) },
                throws: isRefusal(.notAMember))
            try sqlite.raw { try $0.execute(sql: "UPDATE user SET isDisabled = 0") }
            let sent = try await sqlite.stores.append("three", to: "lobby", by: user)
            #expect(sent.message.seq == 2 && sent.message.sender.name == "Gone")
        }
    }

    @Test("Leaving a room counts from the next message on, and coming back finds the right place")
    func leaving() async throws {
        try await TemporarySQLite.with { sqlite in
            let (stores, user) = (sqlite.stores, try await sqlite.stores.makeUser("titania"))
            _ = try await stores.makeRoom("lobby", by: user)
            _ = try await stores.append("one", to: "lobby", by: user)
            try await stores.rooms.leave("lobby", user: user.id, committed: { _ in })
            await #expect(
                performing: { try await stores.append("two", to: "lobby", by: user) }, throws: isRefusal(.notAMember))
            _ = try await stores.rooms.join("lobby", user: user.id, committed: { _ in })
            #expect(try await stores.append("three", to: "lobby", by: user).message.seq == 2)
            let room = try await stores.rooms.room("lobby", for: user.id)
            #expect(room.lastSeq == 2 && room.readSeq == 2)
        }
    }

    @Test("Messages, reads and other writes of one group see each other in their order")
    func mixed() async throws {
        try await TemporarySQLite.with { sqlite in
            let stores = sqlite.stores
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            _ = try await stores.makeRoom("lobby", by: titania)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for _ in 0..<100 { _ = try await stores.append("hi", to: "lobby", by: titania) } }
                group.addTask {
                    for _ in 0..<20 {
                        _ = try await stores.rooms.join("lobby", user: puck.id, committed: { _ in })
                        _ = try await stores.append("hello", to: "lobby", by: puck, clientId: nil)
                        _ = try await stores.markRead("lobby", .max, by: puck)
                        try await stores.rooms.leave("lobby", user: puck.id, committed: { _ in })
                    }
                }
                try await group.waitForAll()
            }
            let seqs = try sqlite.raw { try Int64.fetchAll($0, sql: "SELECT seq FROM message ORDER BY seq") }
            #expect(seqs == Array(1...120))
            #expect(try await stores.rooms.room("lobby", for: titania.id).lastSeq == 120)
        }
    }
}
