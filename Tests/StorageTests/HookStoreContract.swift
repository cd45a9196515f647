import Foundation
import Model
import Storage
import Testing

@Suite("The contract of hook stores")
struct HookStoreContract {
    private let audit = NewAuditEntry(.createHook, "lobby", by: "titania")
    private let taken = DeliveryAnswer(status: 200, error: nil)
    private let refused = DeliveryAnswer(status: 500, error: "It answered 500.")

    /// A room with titania and puck in it, and a hook of titania's.
    private func withHook(
        _ backend: Backend, _ body: (Stores, User, User, OutgoingHook) async throws -> Void
    ) async throws {
        try await backend.withStores { stores in
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            let room = try await stores.makeRoom("lobby", by: titania)
            _ = try await stores.rooms.join("lobby", user: puck.id) { _ in }
            _ = try await stores.append("before", to: "lobby", by: puck)
            let hook = try await stores.outgoingHooks.create(
                NewOutgoingHook(
                    room: room.ref, maker: titania.id, address: "https://example.com/", secret: "whsec_c2VjcmV0"),
                max: 2, audit: audit)
            try await body(stores, titania, puck, hook)
        }
    }

    private func due(_ stores: Stores, at moment: Timestamp = .now) async throws -> [DueDelivery] {
        try await stores.outgoingHooks.harvest(at: moment, waitingMax: 100)
        return try await stores.outgoingHooks.due(at: moment, perHook: 100)
    }

    @Test("A hook gets what people write from its making on, each once and in order", arguments: Backend.allCases)
    func harvest(backend: Backend) async throws {
        try await withHook(backend) { stores, titania, puck, hook in
            #expect(try await due(stores).isEmpty)
            for text in ["one", "two"] { _ = try await stores.append(text, to: "lobby", by: puck) }
            let first = try await due(stores)
            #expect(first.map { $0.message?.text } == ["one", "two"])
            #expect(first.map(\.secret) == ["whsec_c2VjcmV0", "whsec_c2VjcmV0"])
            #expect(first[0].roomSlug == "lobby" && first[0].address == "https://example.com/")
            #expect(Set(first.map(\.webhookID)).count == 2)
            _ = try await stores.append("three", to: "lobby", by: titania)
            let second = try await due(stores)
            #expect(second.map(\.webhookID).prefix(2) == first.map(\.webhookID)[...])
            #expect(second.count == 3)
            for delivery in second { try await stores.outgoingHooks.markSent(delivery.id, taken, at: .now) }
            #expect(try await due(stores).isEmpty)
        }
    }

    @Test("What bots and hooks write is not sent", arguments: Backend.allCases)
    func bots(backend: Backend) async throws {
        try await withHook(backend) { stores, titania, puck, hook in
            let room = try await stores.rooms.room("lobby", for: titania.id).ref
            let made = try await stores.incomingHooks.create(
                NewIncomingHook(
                    room: room, maker: titania.id, username: "hook-ci", name: "CI", tokenHash: Data([1])), max: 2,
                audit: audit)
            let found = try #require(try await stores.incomingHooks.hook(made.id, tokenHash: Data([1])))
            #expect(found.bot.isBot && found.room == room && made.bot == found.bot.person)
            let sent = try await stores.append("built", to: "lobby", by: found.bot)
            #expect(sent.message.sender == Person(username: "hook-ci", name: "CI", isBot: true))
            _ = try await stores.append("good", to: "lobby", by: puck)
            #expect(try await due(stores).map { $0.message?.text } == ["good"])
        }
    }

    @Test(
        "An incoming hook is found by its own token alone, and by none once it is deleted", arguments: Backend.allCases)
    func incoming(backend: Backend) async throws {
        try await backend.withStores { stores in
            let titania = try await stores.makeUser("titania")
            let (lobby, other) = (
                try await stores.makeRoom("lobby", by: titania).ref, try await stores.makeRoom("other", by: titania).ref
            )
            @Sendable func make(_ number: UInt8) async throws -> IncomingHook {
                try await stores.incomingHooks.create(
                    NewIncomingHook(
                        room: lobby, maker: titania.id, username: "hook-\(number)", name: "CI",
                        tokenHash: Data([number])), max: 2, audit: audit)
            }
            let hook = try await make(1)
            _ = try await make(2)
            await #expect(performing: { try await make(3) }, throws: isRefusal(.tooManyHooks))
            #expect(try await stores.incomingHooks.hook(hook.id, tokenHash: Data([2])) == nil)
            #expect(try await !stores.incomingHooks.setToken(Data([9]), of: hook.id, in: other.id, audit: audit))
            #expect(try await stores.incomingHooks.setToken(Data([9]), of: hook.id, in: lobby.id, audit: audit))
            #expect(try await stores.incomingHooks.hook(hook.id, tokenHash: Data([1])) == nil)
            let bot = try #require(try await stores.incomingHooks.hook(hook.id, tokenHash: Data([9]))).bot
            #expect(try await stores.incomingHooks.hooks(of: lobby.id).map(\.id).first == hook.id)
            #expect(try await stores.incomingHooks.delete(hook.id, in: other.id, audit: audit) == nil)
            #expect(try await stores.incomingHooks.delete(hook.id, in: lobby.id, audit: audit) == bot.id)
            #expect(try await stores.incomingHooks.hook(hook.id, tokenHash: Data([9])) == nil)
            #expect(try await stores.users.user(bot.id)?.isDisabled == true)
            #expect(try await stores.rooms.memberships(of: bot.id).isEmpty)
        }
    }

    @Test(
        "Whoever may not read the room any more gets nothing of it, nor later what was written meanwhile",
        arguments: Backend.allCases)
    func void(backend: Backend) async throws {
        try await withHook(backend) { stores, titania, puck, hook in
            _ = try await stores.append("while there", to: "lobby", by: puck)
            #expect(try await due(stores).count == 1)
            try await stores.rooms.leave("lobby", user: titania.id) { _ in }
            _ = try await stores.append("behind her back", to: "lobby", by: puck)
            #expect(try await due(stores).isEmpty)
            let room = try await stores.rooms.room("lobby", for: puck.id).ref.id
            #expect(try await stores.outgoingHooks.hooks(of: room).map(\.isBacked) == [false])
            _ = try await stores.rooms.join("lobby", user: titania.id) { _ in }
            #expect(try await due(stores).map { $0.message?.text } == ["while there"])
        }
    }

    @Test("What was not taken comes again at its time, holds up no other, and is given up", arguments: Backend.allCases)
    func retries(backend: Backend) async throws {
        try await withHook(backend) { stores, _, puck, hook in
            let now = Timestamp.now
            for text in ["one", "two"] { _ = try await stores.append(text, to: "lobby", by: puck) }
            let first = try #require(try await due(stores, at: now).first)
            try await stores.outgoingHooks.postpone(first.id, refused, until: now + Seconds(60))
            #expect(try await due(stores, at: now).map { $0.message?.text } == ["two"])
            let again = try await due(stores, at: now + Seconds(60))
            #expect(again.map { $0.message?.text } == ["two", "one"] && again.last?.attempts == 1)
            #expect(
                try await !stores.outgoingHooks.giveUp(first.id, refused, at: now, failuresMax: 2, note: nil))
            let listed = try await stores.outgoingHooks.deliveries(to: hook.id, limit: 10)
            #expect(listed.map(\.seq) == [3, 2])
            #expect(listed.last?.state == .givenUp(now) && listed.last?.status == 500 && listed.last?.attempts == 2)
            #expect(try await stores.outgoingHooks.resend(first.id, to: hook.id, at: now))
            #expect(try await due(stores, at: now).count == 2)
            let other = OutgoingHookID(rawValue: hook.id.rawValue + 1)
            #expect(try await !stores.outgoingHooks.resend(first.id, to: other, at: now))
        }
    }

    @Test("A hook is disabled after failures in a row, and begins anew when it is enabled", arguments: Backend.allCases)
    func disabled(backend: Backend) async throws {
        try await withHook(backend) { stores, titania, puck, hook in
            let room = try await stores.rooms.room("lobby", for: titania.id).ref.id
            for number in 1...4 { _ = try await stores.append("\(number)", to: "lobby", by: puck) }
            let deliveries = try await due(stores)
            let hooks = stores.outgoingHooks
            #expect(try await !hooks.giveUp(deliveries[0].id, refused, at: .now, failuresMax: 2, note: nil))
            try await hooks.markSent(deliveries[1].id, taken, at: .now)
            #expect(try await !hooks.giveUp(deliveries[2].id, refused, at: .now, failuresMax: 2, note: nil))
            #expect(try await hooks.giveUp(deliveries[3].id, refused, at: .now, failuresMax: 2, note: nil))
            let now = try #require(try await hooks.hook(hook.id, in: room))
            #expect(now.isDisabled && now.note?.contains("It answered 500.") == true)
            _ = try await stores.append("meanwhile", to: "lobby", by: puck)
            #expect(try await due(stores).isEmpty)
            #expect(try await hooks.setDisabled(false, of: hook.id, in: room, audit: audit))
            #expect(try await due(stores).isEmpty)
            _ = try await stores.append("from now on", to: "lobby", by: puck)
            #expect(try await due(stores).map { $0.message?.text } == ["from now on"])
        }
    }

    @Test("So many wait and no more; those after them come later, none is lost", arguments: Backend.allCases)
    func backlog(backend: Backend) async throws {
        try await withHook(backend) { stores, _, puck, hook in
            var got: [String] = []
            for number in 1...700 { _ = try await stores.append("\(number)", to: "lobby", by: puck) }
            for _ in 0..<10 {
                try await stores.outgoingHooks.harvest(at: .now, waitingMax: 300)
                for delivery in try await stores.outgoingHooks.due(at: .now, perHook: 200) {
                    got.append(delivery.message?.text ?? "")
                    try await stores.outgoingHooks.markSent(delivery.id, taken, at: .now)
                }
            }
            #expect(got == (1...700).map(String.init))
            try await stores.outgoingHooks.prune(keeping: 5)
            let kept = try await stores.outgoingHooks.deliveries(to: hook.id, limit: 1000)
            #expect(kept.map(\.seq) == [701, 700, 699, 698, 697])
        }
    }

    @Test(
        "A bot's account has no password, is in nobody's hands but its owner's, and ends for good",
        arguments: Backend.allCases)
    func bot(backend: Backend) async throws {
        try await backend.withStores { stores in
            let titania = try await stores.makeUser("titania")
            let audit = NewAuditEntry(.createBot, "peter", by: "titania")
            let bot = try await stores.bots.create(
                username: "peter", name: "Peter", owner: titania.id, max: 1, audit: audit)
            #expect(bot.isBot && bot.role == .member)
            #expect(try await stores.users.credentials(ofUserNamed: "peter") == nil)
            await #expect(
                performing: {
                    try await stores.bots.create(
                        username: "snug", name: "Snug", owner: titania.id, max: 1, audit: audit)
                }, throws: isRefusal(.tooManyBots))
            #expect(try await stores.bots.bots(of: titania.id).map(\.user.username) == ["peter"])
            #expect(try await stores.bots.bot(named: "peter")?.owner == titania.id)
            #expect(try await stores.bots.bot(named: "titania") == nil)
            _ = try await stores.makeRoom("lobby", by: bot)
            #expect(try await stores.bots.delete(bot.id, audit: audit) { _ in })
            #expect(try await !stores.bots.delete(bot.id, audit: audit) { _ in })
            #expect(try await stores.bots.bots(of: nil).isEmpty)
            #expect(try await stores.users.user(bot.id)?.isDisabled == true)
            #expect(try await stores.rooms.memberships(of: bot.id).isEmpty)
        }
    }
}
