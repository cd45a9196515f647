import Foundation
import GRDB
import Model
import Storage
import Testing

@Suite("The embedded database")
struct SQLiteTests {
    @Test("Every connection that writes waits for the disk: WAL and synchronous=FULL, with foreign keys")
    func pragmas() async throws {
        try await TemporarySQLite.with { sqlite in
            let values = try await sqlite.database.writerPragmas(["journal_mode", "synchronous", "foreign_keys"])
            #expect(values == ["wal", "2", "1"])
        }
    }

    @Test("One that a newer Parley wrote is refused and not touched")
    func newer() async throws {
        try await TemporarySQLite.with { sqlite in
            try sqlite.raw { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 from the future')") }
            try sqlite.database.close()
            let before = try Data(contentsOf: URL(fileURLWithPath: sqlite.path))
            #expect(throws: NewerDatabaseError.self) { try SQLiteDatabase(path: sqlite.path, logger: .quiet) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: sqlite.path)) == before)
        }
    }

    @Test("Migrating again changes nothing")
    func migrateAgain() async throws {
        try await TemporarySQLite.with { sqlite in
            let user = try await sqlite.stores.makeUser("titania")
            try sqlite.database.migrate()
            #expect(try await sqlite.stores.users.allUsers() == [user])
            #expect(await sqlite.database.isReady())
        }
    }

    @Test("Opening a room of many messages reads by the primary key and sorts nothing")
    func queryPlan() async throws {
        try await TemporarySQLite.with { sqlite in
            let plan = try sqlite.raw { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        EXPLAIN QUERY PLAN SELECT * FROM message JOIN user ON user.id = message.senderId
                        WHERE message.roomId = 1 AND message.seq <= 100 ORDER BY message.seq DESC LIMIT 51
                        """
                ).map { $0["detail"] as String }.joined(separator: "\n")
            }
            #expect(plan.contains("USING PRIMARY KEY (roomId=? AND seq<?)"))
            #expect(!plan.contains("TEMP B-TREE"))
        }
    }
}

@Suite("Messages at rest")
struct EncryptionTests {
    private func body(_ sqlite: TemporarySQLite, _ seq: Seq) throws -> Data {
        try #require(
            try sqlite.raw { try Data.fetchOne($0, sql: "SELECT body FROM message WHERE seq = ?", arguments: [seq]) })
    }

    private func withMessages(_ texts: [String], _ work: (TemporarySQLite, User) async throws -> Void) async throws {
        try await TemporarySQLite.with { sqlite in
            let user = try await sqlite.stores.makeUser("titania")
            _ = try await sqlite.stores.makeRoom("lobby", by: user)
            for text in texts { _ = try await sqlite.stores.append(text, to: "lobby", by: user) }
            try await work(sqlite, user)
        }
    }

    @Test("Equal texts are different bytes, and neither the text nor its words are in the file")
    func fresh() async throws {
        try await withMessages(["moonlight serenade", "moonlight serenade"]) { sqlite, _ in
            let (first, second) = (try body(sqlite, 1), try body(sqlite, 2))
            #expect(first != second)
            try sqlite.database.close()
            for name in try FileManager.default.contentsOfDirectory(atPath: sqlite.directory) {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: sqlite.directory + "/" + name))
                #expect(bytes.range(of: Data("moonlight".utf8)) == nil)
            }
        }
    }

    @Test("One flipped bit, anywhere, is detected and never shown as text")
    func bitFlip() async throws {
        try await withMessages(["hello"]) { sqlite, user in
            let original = try body(sqlite, 1)
            for position in original.indices {
                var flipped = original
                flipped[position] ^= 0x10
                try sqlite.raw { try $0.execute(sql: "UPDATE message SET body = ?", arguments: [flipped]) }
                let page = try await sqlite.stores.messages.history("lobby", .newest, limit: 1, for: user.id)
                #expect(page.messages.first?.isUnreadable == true && page.messages.first?.text == "")
            }
        }
    }

    @Test("A text that is moved to another place is not read there")
    func moved() async throws {
        try await withMessages(["yes", "no"]) { sqlite, user in
            let (yes, no) = (try body(sqlite, 1), try body(sqlite, 2))
            try sqlite.raw { db in
                try db.execute(sql: "UPDATE message SET body = ? WHERE seq = 1", arguments: [no])
                try db.execute(sql: "UPDATE message SET body = ? WHERE seq = 2", arguments: [yes])
            }
            let page = try await sqlite.stores.messages.history("lobby", .newest, limit: 2, for: user.id)
            #expect(page.messages.map(\.isUnreadable) == [true, true])
        }
    }

    @Test("After a rotation new messages are under the new key, old ones are encrypted anew, and all are read")
    func rotation() async throws {
        try await withMessages((1...450).map { "message \($0)" }) { sqlite, user in
            var ring = sqlite.ring
            ring.rotate()
            sqlite.cipher.replaceRing(ring)
            _ = try await sqlite.stores.append("newest", to: "lobby", by: user)

            // Cut off after the first batch, and begun again.
            _ = try await sqlite.stores.messages.reencrypt(from: ReencryptionPosition(), limit: 200)
            let done = try await Reencryption(messages: sqlite.stores.messages).run()
            #expect(done.changed == 250 && done.unreadable == 0)

            let keys = try sqlite.raw { try Int.fetchSet($0, sql: "SELECT DISTINCT keyId FROM message") }
            #expect(keys == [2])
            let page = try await sqlite.stores.messages.history("lobby", .newest, limit: 500, for: user.id)
            #expect(page.messages.map(\.text) == (1...450).map { "message \($0)" } + ["newest"])
        }
    }

    @Test("A damaged message does not stop the others from being encrypted anew, and is left as it is")
    func rotationWithDamage() async throws {
        try await withMessages(["one", "two", "three"]) { sqlite, _ in
            try sqlite.raw { try $0.execute(sql: "UPDATE message SET body = x'00' WHERE seq = 2") }
            var ring = sqlite.ring
            ring.rotate()
            sqlite.cipher.replaceRing(ring)
            let done = try await Reencryption(messages: sqlite.stores.messages).run()
            #expect(done.changed == 2 && done.unreadable == 1)
            let left = try body(sqlite, 2)
            #expect(left == Data([0]))
        }
    }
}

@Suite("The message key ring")
struct KeyRingTests {
    @Test("Comes back from its file as it was, oldest first, and the newest key is the current one")
    func roundTrip() throws {
        var ring = KeyRing()
        ring.rotate()
        let again = try KeyRing(parsing: ring.serialized)
        #expect(again.current == KeyID(rawValue: 2))
        #expect(again.serialized == ring.serialized)
        #expect(try KeyRing(parsing: ring.serialized.replacing("\n", with: ",")).serialized == ring.serialized)
    }

    @Test(
        "Is refused where it is malformed",
        arguments: [
            "", "1", "1:", "1:abc", "x:" + String(repeating: "A", count: 43) + "=",
            "0:" + String(repeating: "A", count: 43) + "=",
        ])
    func malformed(text: String) {
        #expect(throws: KeyRingError.self) { try KeyRing(parsing: text) }
    }

    @Test("Its file is readable by its owner alone, also after a rotation")
    func fileMode() async throws {
        try await TemporarySQLite.with { sqlite in
            let file = KeyRingFile(dataDirectory: sqlite.directory)
            _ = try file.loadOrCreate(hasMessages: false)
            for _ in 0..<2 {
                let attributes = try FileManager.default.attributesOfItem(atPath: file.file.path)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
                _ = try file.rotate()
            }
            #expect(try file.loadOrCreate(hasMessages: true).current == KeyID(rawValue: 3))
        }
    }

    @Test("A missing file is a loss, and not a beginning, once there are messages")
    func missing() async throws {
        try await TemporarySQLite.with { sqlite in
            #expect(throws: KeyRingError.self) {
                try KeyRingFile(dataDirectory: sqlite.directory).loadOrCreate(hasMessages: true)
            }
        }
    }
}
