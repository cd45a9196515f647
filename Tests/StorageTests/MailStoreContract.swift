import Foundation
import GRDB
import Model
import Storage
import Testing

@Suite("The contract of mail stores")
struct MailStoreContract {
    private let now = Timestamp(milliseconds: 1_000_000)

    private func mail(_ name: String, at seconds: Int64 = 0) throws -> NewMail {
        NewMail(
            messageID: name, recipient: try EmailAddress("\(name)@example.com"),
            letter: Letter(subject: "For \(name)", text: "moonlight for \(name)", html: "<p>moonlight</p>"),
            createdAt: now + Seconds(seconds), expiresAt: now + Seconds(1000))
    }

    @Test("What was enqueued is due at once, the longest due first, with what is in it", arguments: Backend.allCases)
    func due(backend: Backend) async throws {
        try await backend.withStores { stores in
            let later = try await stores.mail.enqueue(mail("oberon", at: 5))
            let first = try await stores.mail.enqueue(mail("titania"))
            #expect(try await stores.mail.due(at: now + Seconds(-1), limit: 9).isEmpty)
            #expect(try await stores.mail.due(at: now + Seconds(4), limit: 9).map(\.id) == [first])
            let due = try await stores.mail.due(at: now + Seconds(5), limit: 9)
            #expect(due.map(\.id) == [first, later])
            #expect(try await stores.mail.due(at: now + Seconds(5), limit: 1).map(\.id) == [first])
            #expect(try await stores.mail.nextAttempt() == now)
            let mail = try #require(due.first)
            #expect(mail.recipient == "titania@example.com" && mail.messageID == "titania" && mail.attempts == 0)
            #expect(mail.letter?.subject == "For titania" && mail.letter?.text == "moonlight for titania")
            #expect(mail.createdAt == now && mail.expiresAt == now + Seconds(1000))
        }
    }

    @Test("What was sent is not due again, and says when it was", arguments: Backend.allCases)
    func sent(backend: Backend) async throws {
        try await backend.withStores { stores in
            let id = try await stores.mail.enqueue(mail("titania"))
            try await stores.mail.postpone(id, until: now, error: "not now")
            try await stores.mail.markSent(id, at: now + Seconds(7))
            #expect(try await stores.mail.due(at: now + .days(9), limit: 9).isEmpty)
            #expect(try await stores.mail.nextAttempt() == nil)
            let record = try #require(try await stores.mail.mail(id))
            #expect(record.state == .sent(now + Seconds(7)) && record.attempts == 2 && record.lastError == nil)
        }
    }

    @Test("What was postponed waits until then, and says why", arguments: Backend.allCases)
    func postponed(backend: Backend) async throws {
        try await backend.withStores { stores in
            let id = try await stores.mail.enqueue(mail("titania"))
            try await stores.mail.postpone(id, until: now + Seconds(60), error: "451 busy")
            #expect(try await stores.mail.due(at: now + Seconds(59), limit: 9).isEmpty)
            #expect(try await stores.mail.due(at: now + Seconds(60), limit: 9).map(\.attempts) == [1])
            let record = try #require(try await stores.mail.unsent(limit: 9).first)
            #expect(record.state == .waiting(nextAttemptAt: now + Seconds(60)) && record.lastError == "451 busy")
        }
    }

    @Test("What was given up, or sent, stays so", arguments: Backend.allCases)
    func final(backend: Backend) async throws {
        try await backend.withStores { stores in
            let lost = try await stores.mail.enqueue(mail("titania"))
            let sent = try await stores.mail.enqueue(mail("oberon"))
            try await stores.mail.giveUp(lost, at: now, error: "550 nobody")
            try await stores.mail.markSent(sent, at: now)
            for id in [lost, sent] { try await stores.mail.postpone(id, until: now, error: "again") }
            try await stores.mail.markSent(lost, at: now)
            #expect(try await stores.mail.due(at: now + .days(9), limit: 9).isEmpty)
            #expect(try await stores.mail.mail(lost)?.state == .failed(now))
            #expect(try await stores.mail.mail(lost)?.lastError == "550 nobody")
            #expect(try await stores.mail.mail(sent)?.state == .sent(now))
        }
    }

    @Test("What waits is listed before what was given up", arguments: Backend.allCases)
    func listed(backend: Backend) async throws {
        try await backend.withStores { stores in
            var ids: [MailID] = []
            for name in ["lost", "lost-later", "waits-long", "waits", "sent"] {
                ids.append(try await stores.mail.enqueue(mail(name)))
            }
            try await stores.mail.giveUp(ids[0], at: now, error: "x")
            try await stores.mail.giveUp(ids[1], at: now + Seconds(1), error: "x")
            try await stores.mail.postpone(ids[2], until: now + Seconds(9), error: "x")
            try await stores.mail.markSent(ids[4], at: now)
            let names = try await stores.mail.unsent(limit: 9).map { $0.recipient.prefix { $0 != "@" } }
            #expect(names == ["waits", "waits-long", "lost-later", "lost"])
            #expect(try await stores.mail.unsent(limit: 2).count == 2)
        }
    }

    @Test("What is long done is forgotten; what waits never is", arguments: Backend.allCases)
    func prune(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (sent, lost) = (
                try await stores.mail.enqueue(mail("a")), try await stores.mail.enqueue(mail("b"))
            )
            let (recent, waiting) = (
                try await stores.mail.enqueue(mail("c")), try await stores.mail.enqueue(mail("d"))
            )
            try await stores.mail.markSent(sent, at: now)
            try await stores.mail.giveUp(lost, at: now, error: "x")
            try await stores.mail.markSent(recent, at: now + Seconds(10))
            try await stores.mail.prune(before: now + Seconds(10))
            #expect(try await stores.mail.mail(sent) == nil)
            #expect(try await stores.mail.mail(lost) == nil)
            #expect(try await stores.mail.mail(recent) != nil)
            #expect(try await stores.mail.mail(waiting) != nil)
        }
    }
}

@Suite("Mail at rest")
struct MailAtRestTests {
    private func enqueue(_ sqlite: TemporarySQLite, _ name: String) async throws -> MailID {
        try await sqlite.stores.mail.enqueue(
            NewMail(
                messageID: name, recipient: try EmailAddress("titania@example.com"),
                letter: Letter(subject: "Your code", text: "moonlight 123456", html: "<b>moonlight</b>"),
                createdAt: Timestamp(milliseconds: 0), expiresAt: .now))
    }

    @Test("Its texts are not in the file, and are gone from it once it was sent or given up")
    func erased() async throws {
        try await TemporarySQLite.with { sqlite in
            let ids = [try await enqueue(sqlite, "a"), try await enqueue(sqlite, "b")]
            #expect(try await sqlite.database.hasMessages())
            try await sqlite.stores.mail.markSent(ids[0], at: .now)
            try await sqlite.stores.mail.giveUp(ids[1], at: .now, error: "x")
            let left = try sqlite.raw { db in
                try Int.fetchOne(db, sql: "SELECT count(*) FROM mail WHERE body IS NOT NULL OR keyId IS NOT NULL")
            }
            #expect(left == 0)
            #expect(try await !sqlite.database.hasMessages())
            try sqlite.database.close()
            for name in try FileManager.default.contentsOfDirectory(atPath: sqlite.directory) {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: sqlite.directory + "/" + name))
                #expect(bytes.range(of: Data("moonlight".utf8)) == nil)
            }
        }
    }

    @Test("One that was changed, or moved to another mail's place, is not read")
    func damaged() async throws {
        try await TemporarySQLite.with { sqlite in
            _ = try await enqueue(sqlite, "a")
            _ = try await enqueue(sqlite, "b")
            try sqlite.raw {
                try $0.execute(sql: "UPDATE mail SET body = (SELECT body FROM mail WHERE messageId = 'a')")
            }
            let moved = try await sqlite.stores.mail.due(at: .now, limit: 9)
            #expect(moved.map { $0.letter == nil } == [false, true])
            try sqlite.raw { try $0.execute(sql: "UPDATE mail SET body = x'00'") }
            #expect(try await sqlite.stores.mail.due(at: .now, limit: 9).allSatisfy { $0.letter == nil })
        }
    }

    @Test("It is still read after a rotation of the keys")
    func rotated() async throws {
        try await TemporarySQLite.with { sqlite in
            _ = try await enqueue(sqlite, "a")
            var ring = sqlite.ring
            ring.rotate()
            sqlite.cipher.replaceRing(ring)
            #expect(try await sqlite.stores.mail.due(at: .now, limit: 9).first?.letter?.text == "moonlight 123456")
        }
    }
}
