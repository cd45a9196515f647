import Foundation
import Logging
import Model
import NIOHTTP1
import Storage
import Testing

@testable import Outgoing

@Suite("Hooks that go out")
struct HookTests {
    /// The example of https://github.com/standard-webhooks/standard-webhooks, also computed with Python's `hmac`.
    @Test("are signed as Standard Webhooks has it")
    func signature() throws {
        let signature = try #require(WebhookSignature(secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let value = signature.value(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Data(#"{"test": 2432232314}"#.utf8))
        #expect(value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        for wrong in ["", "whsec_", "whsec_%%", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            #expect(WebhookSignature(secret: wrong) == nil)
        }
    }

    @Test(
        "are refused at addresses of our own networks, however they are written",
        arguments: [
            "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data/", "https://2130706433/",
            "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/", "https://localhost/",
            "https://[::ffff:127.0.0.1]/", "https://10.0.0.1/", "https://0.0.0.0/",
        ])
    func guarded(address: String) async throws {
        let check = HookAddressCheck(fetch: .test(.publicOnly), allowsPlain: false, logger: HookWorld.quiet)
        await #expect(
            performing: { try await check(address) },
            throws: { ($0 as? ChatError)?.field == "address" && ($0 as? ChatError)?.code == .invalidField })
    }

    @Test(
        "are refused without a word of where a name leads: it may be known to our own servers alone",
        arguments: ["https://10.0.3.4/", "https://localhost/"])
    func untold(address: String) async throws {
        let check = HookAddressCheck(fetch: .test(.publicOnly), allowsPlain: false, logger: HookWorld.quiet)
        await #expect(
            throws: ChatError(
                .invalidField, "It leads to an address that is not on the internet.", field: "address")
        ) {
            try await check(address)
        }
    }

    @Test(
        "are refused at what is no address, or is not secret",
        arguments: ["", "example.com", "http://example.com/", "ftp://example.com/", "https://a:b@example.com/"])
    func malformed(address: String) async throws {
        let check = HookAddressCheck(fetch: .test(.publicOnly), allowsPlain: false, logger: HookWorld.quiet)
        await #expect(
            performing: { try await check(address) }, throws: { ($0 as? ChatError)?.field == "address" })
    }

    @Test("are taken where nobody answers yet")
    func later() async throws {
        let check = HookAddressCheck(fetch: .test(.any), allowsPlain: true, logger: HookWorld.quiet)
        #expect(try await check("http://127.0.0.1:1/hook") == "http://127.0.0.1:1/hook")
    }

    @Test("come again where they were not taken, follow no redirect, and end where the receiver says so")
    func answers() async throws {
        for (status, state) in [(200, "sent"), (204, "sent"), (302, "waits"), (500, "waits"), (410, "disabled")] {
            try await TestServer.with { asked in
                .init(status: .init(statusCode: status), headers: [("Location", "http://127.0.0.1:1/")])
            } _: { server in
                try await HookWorld.with(address: "http://127.0.0.1:\(server.port)/") { world in
                    try await world.say("Hello")
                    await world.queue().sendDue(at: .now)
                    #expect(try await world.state() == state, "\(status)")
                    let asked = try #require(server.asked.last)
                    #expect(asked.head.headers["webhook-id"].first?.hasPrefix("msg_") == true)
                    #expect(asked.head.headers["webhook-signature"].first?.hasPrefix("v1,") == true)
                    #expect(
                        asked.body.contains(#""text":"Hello""#) && asked.body.contains(#""type":"message.created""#))
                    #expect(server.asked.count == 1)
                }
            }
        }
    }

    @Test("are given up at an address that turns out to be ours, and the hook is disabled after a few")
    func turned() async throws {
        try await HookWorld.with(address: "https://127.0.0.1:1/") { world in
            for _ in 1...2 { try await world.say("Hello") }
            var limits = HookLimits()
            limits.failuresMax = 2
            await world.queue(.publicOnly, limits).sendDue(at: .now)
            #expect(try await world.state() == "disabled")
            let delivery = try await world.stores.outgoingHooks.deliveries(to: world.hook.id, limit: 1).first
            #expect(delivery?.error == "It leads to an address that is not on the internet.")
        }
    }
}

/// A room with a hook, on a database of its own.
private struct HookWorld {
    let stores: Stores
    let user: User
    let hook: OutgoingHook
    let room: RoomID

    static func with(address: String, _ body: (HookWorld) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let database = try SQLiteDatabase(path: directory + "/parley.db", logger: quiet)
        try database.migrate()
        let stores = Stores(database, cipher: MessageCipher(ring: KeyRing()))
        let user = try await stores.users.create(
            NewUser(username: "puck", name: "Puck", role: .member, passwordHash: "hash"))
        let room = try await stores.rooms.create(
            NewRoom(name: "Lobby", topic: "", kind: .public, slug: .exactly("lobby")), by: user.id
        ) { _ in }
        let hook = try await stores.outgoingHooks.create(
            NewOutgoingHook(room: room.ref, maker: user.id, address: address, secret: "whsec_c2VjcmV0"), max: 1,
            audit: NewAuditEntry(.createHook, "lobby", by: "puck"))
        try await body(HookWorld(stores: stores, user: user, hook: hook, room: room.ref.id))
        try database.close()
    }

    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    func queue(_ addresses: AddressPolicy = .any, _ limits: HookLimits = HookLimits()) -> HookQueue {
        HookQueue(
            store: stores.outgoingHooks, fetch: .test(addresses), allowsPlain: true, limits: limits,
            logger: Self.quiet)
    }

    func say(_ text: String) async throws {
        let _: SentMessage = try await withCheckedThrowingContinuation { continuation in
            stores.messages.append(NewMessage(room: "lobby", sender: user.id, text: text, clientId: nil)) {
                continuation.resume(with: $0)
            }
        }
    }

    func state() async throws -> String {
        if try await stores.outgoingHooks.hook(hook.id, in: room)?.isDisabled == true { return "disabled" }
        switch try await stores.outgoingHooks.deliveries(to: hook.id, limit: 1).first?.state {
        case .sent: return "sent"
        case .waiting: return "waits"
        case .givenUp: return "given up"
        case nil: return "nothing"
        }
    }
}
