import Foundation
import Logging
import Model
import Storage
import Synchronization
import Testing

@testable import Outgoing

/// A mail server that answers what a test wants, and remembers what it was given.
private final class FakeTransport: MailTransport {
    private let state = Mutex((sent: [MailMessage](), faults: [MailFault.Kind]()))

    var sent: [MailMessage] { state.withLock { $0.sent } }

    /// The next so many mails fail like this.
    func fail(_ faults: MailFault.Kind...) { state.withLock { $0.faults = faults } }

    func send(_ message: MailMessage) async throws -> String {
        try state.withLock { state in
            state.sent.append(message)
            guard let kind = state.faults.first else { return }
            state.faults.removeFirst()
            throw MailFault(kind: kind, description: "It failed: \(kind).")
        }
        return "250 OK"
    }
}

/// A queue on a database of its own.
private struct QueueUnderTest {
    let mailer: Mailer
    let queue: MailQueue
    let transport = FakeTransport()
    let stores: Stores
    let database: SQLiteDatabase
    let path: String

    static func with(_ body: (QueueUnderTest) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let database = try SQLiteDatabase(path: directory + "/parley.db", logger: logger)
        try database.migrate()
        let stores = Stores(database, cipher: MessageCipher(ring: KeyRing()))
        try await body(try QueueUnderTest(stores, database, logger, path: directory + "/parley.db"))
        try database.close()
    }

    private init(_ stores: Stores, _ database: SQLiteDatabase, _ logger: Logger, path: String) throws {
        let from = try #require(Mailbox("chat@example.com"))
        mailer = Mailer(from: from, store: stores.mail, retry: RetryPlan())
        queue = MailQueue(store: stores.mail, transport: transport, from: from, retry: RetryPlan(), logger: logger)
        self.stores = stores
        self.database = database
        self.path = path
    }

    func enqueue(_ subject: String = "Hello", usefulFor: Seconds? = nil) async throws -> MailID {
        let letter = Letter(subject: subject, text: "secret-text", html: "<p>secret-html</p>")
        return try await mailer.enqueue(letter, to: EmailAddress("puck@example.net"), usefulFor: usefulFor)
    }

    func state(_ id: MailID) async throws -> MailRecord.State? { try await stores.mail.mail(id)?.state }
}

@Suite("The queue of mail")
struct MailQueueTests {
    @Test("sends what came, once, with what is in it")
    func sent() async throws {
        try await QueueUnderTest.with { test in
            let id = try await test.enqueue("Welcome")
            let now = Timestamp.now
            await test.queue.sendDue(at: now)
            await test.queue.sendDue(at: now + .days(1))
            #expect(test.transport.sent.map(\.letter.subject) == ["Welcome"])
            #expect(test.transport.sent.first?.letter.text == "secret-text")
            guard case .sent = try await test.state(id) else {
                Issue.record("not sent")
                return
            }
        }
    }

    @Test("tries again what was not taken now, later each time and with the same id, until it is")
    func retried() async throws {
        try await QueueUnderTest.with { test in
            let id = try await test.enqueue()
            test.transport.fail(.later, .later, .later)
            // Ahead of the clock, which goes on meanwhile.
            var now = Timestamp.now + Seconds(3600)
            for wait in [60, 120, 240] as [Int64] {
                await test.queue.sendDue(at: now)
                #expect(try await test.state(id) == .waiting(nextAttemptAt: now + Seconds(wait)))
                await test.queue.sendDue(at: now + Seconds(wait - 1))
                now = now + Seconds(wait)
            }
            await test.queue.sendDue(at: now)
            guard case .sent = try await test.state(id) else {
                Issue.record("not sent")
                return
            }
            #expect(test.transport.sent.count == 4 && Set(test.transport.sent.map(\.id)).count == 1)
        }
    }

    @Test("never repeats what will never be taken, and says why")
    func refused() async throws {
        try await QueueUnderTest.with { test in
            let id = try await test.enqueue()
            test.transport.fail(.never)
            let now = Timestamp.now
            await test.queue.sendDue(at: now)
            await test.queue.sendDue(at: now + .days(2))
            #expect(test.transport.sent.count == 1)
            #expect(try await test.state(id) == .failed(now))
            #expect(try await test.stores.mail.mail(id)?.lastError == "It failed: never.")
        }
    }

    @Test("gives up after three days, or when a mail is of no use any more")
    func givenUp() async throws {
        try await QueueUnderTest.with { test in
            let (long, short) = (try await test.enqueue(), try await test.enqueue(usefulFor: Seconds(600)))
            var now = Timestamp.now
            let start = now
            var lastTry: [MailID: Int64] = [:]
            while let next = try await test.stores.mail.nextAttempt() {
                now = max(now, next) + Seconds(61)
                let before = try await test.stores.mail.unsent(limit: 9)
                test.transport.fail(.later, .later)
                await test.queue.sendDue(at: now)
                for record in try await test.stores.mail.unsent(limit: 9) {
                    let attempts = before.first { $0.id == record.id }?.attempts ?? 0
                    if record.attempts > attempts {
                        lastTry[record.id] = (now.milliseconds - start.milliseconds) / 1000
                    }
                }
            }
            let (shortest, longest) = (try #require(lastTry[short]), try #require(lastTry[long]))
            #expect(shortest <= 661)
            #expect((216_000...259_300).contains(longest))
        }
    }

    @Test("does not try the others, for a while, where the server cannot be talked to; then all of them at once")
    func unreachable() async throws {
        try await QueueUnderTest.with { test in
            for number in 0..<20 { _ = try await test.enqueue("\(number)") }
            test.transport.fail(.unreachable, .unreachable, .unreachable, .unreachable)
            // Ahead of the clock, which goes on meanwhile.
            let now = Timestamp.now + Seconds(3600)
            await test.queue.sendDue(at: now)
            await test.queue.sendDue(at: now + Seconds(59))
            #expect(test.transport.sent.count == 4)
            await test.queue.sendDue(at: now + Seconds(65))
            #expect(try await test.stores.mail.unsent(limit: 100).isEmpty)
            #expect(Set(test.transport.sent.map(\.letter.subject)).count == 20 && test.transport.sent.count == 24)
        }
    }

    @Test("keeps nothing of a letter that no mail can be made of")
    func hostileLetter() async throws {
        try await QueueUnderTest.with { test in
            await #expect(throws: MailMessageError.subjectNotOneLine) { try await test.enqueue("a\r\nBcc: b@c.d") }
            let kept = try await test.stores.mail.unsent(limit: 9)
            #expect(kept.isEmpty)
        }
    }

    @Test("tells whoever waits that a mail has come")
    func arrival() async throws {
        try await QueueUnderTest.with { test in
            _ = try await test.enqueue()
            var arrivals = test.mailer.arrivals.makeAsyncIterator()
            #expect(await arrivals.next() != nil)
        }
    }
}
