import Model
import Storage
import Synchronization
import Testing

@Suite("The contract of message stores")
struct MessageStoreContract {
    @Test("A room's messages are numbered from 1 without a gap, each room for itself", arguments: Backend.allCases)
    func sequence(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            for slug in ["a", "b"] { _ = try await stores.makeRoom(slug, by: user) }
            for number in 1...5 {
                for slug in ["a", "b"] {
                    #expect(try await stores.append("\(number)", to: slug, by: user).message.seq == Seq(number))
                }
            }
        }
    }

    @Test(
        "Messages sent at once get different places, and completions come in the order of the places",
        arguments: Backend.allCases)
    func concurrent(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            _ = try await stores.makeRoom("lobby", by: user)
            let order = Mutex<[Seq]>([])
            await withCheckedContinuation { continuation in
                let left = Mutex(1000)
                for number in 0..<1000 {
                    stores.messages.append(
                        NewMessage(room: "lobby", sender: user.id, text: "\(number)", clientId: nil)
                    ) { result in
                        if case .success(let sent) = result { order.withLock { $0.append(sent.message.seq) } }
                        let isLast = left.withLock { left in
                            left -= 1
                            return left == 0
                        }
                        if isLast { continuation.resume() }
                    }
                }
            }
            #expect(order.withLock(\.self) == (1...1000).map(Seq.init))
            let page = try await stores.messages.history("lobby", .after(990), limit: 20, for: user.id)
            #expect(page.messages.map(\.text) == (990..<1000).map(String.init))
        }
    }

    @Test("A clientId stores once, also for two at the same time", arguments: Backend.allCases)
    func idempotent(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            _ = try await stores.makeRoom("lobby", by: titania)
            _ = try await stores.rooms.join("lobby", user: puck.id, committed: { _ in })
            async let one = stores.append("first", to: "lobby", by: titania, clientId: "c-1")
            async let two = stores.append("second", to: "lobby", by: titania, clientId: "c-1")
            let sent = try await [one, two]
            #expect(Set(sent.map(\.message.seq)) == [1])
            #expect(sent.filter(\.isNew).count == 1)
            #expect(sent[0].message.text == sent[1].message.text)
            // The id is the sender's own: another person's is another message.
            #expect(try await stores.append("mine", to: "lobby", by: puck, clientId: "c-1").message.seq == 2)
        }
    }

    @Test("A clientId of another room is refused there", arguments: Backend.allCases)
    func clientIdOfAnotherRoom(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            for slug in ["a", "b"] { _ = try await stores.makeRoom(slug, by: user) }
            _ = try await stores.append("x", to: "a", by: user, clientId: "c-1")
            await #expect(
                performing: { try await stores.append("x", to: "b", by: user, clientId: "c-1") },
                throws: isRefusal(.invalidField))
        }
    }

    @Test("One write that is refused does not harm its neighbours in the same group", arguments: Backend.allCases)
    func refusedNeighbour(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            _ = try await stores.makeRoom("lobby", by: user)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let room = number.isMultiple(of: 2) ? "lobby" : "nowhere"
                        return (try? await stores.append("\(number)", to: room, by: user)) != nil
                    }
                }
                let stored = try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                #expect(stored == 50)
            }
            #expect(try await stores.messages.history("lobby", .newest, limit: 200, for: user.id).messages.count == 50)
        }
    }

    @Test("Who is not in a room neither writes nor reads there", arguments: Backend.allCases)
    func authorisation(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            _ = try await stores.makeRoom("lobby", by: titania)
            _ = try await stores.makeRoom("court", kind: .private, by: titania)
            for (slug, code) in [("lobby", ChatError.Code.notAMember), ("court", .roomNotFound), ("x", .roomNotFound)] {
                await #expect(
                    performing: { try await stores.append("hi", to: slug, by: puck) }, throws: isRefusal(code))
                await #expect(performing: { try await stores.markRead(slug, 1, by: puck) }, throws: isRefusal(code))
                await #expect(
                    performing: { try await stores.messages.history(slug, .newest, limit: 1, for: puck.id) },
                    throws: isRefusal(code))
            }
        }
    }

    @Test(
        "History comes in ascending order, from either side, and says whether there is more",
        arguments: Backend.allCases)
    func history(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            _ = try await stores.makeRoom("lobby", by: user)
            for number in 1...10 { _ = try await stores.append("\(number)", to: "lobby", by: user) }
            func seqs(_ range: HistoryRange, _ limit: Int) async throws -> ([Seq], Bool) {
                let page = try await stores.messages.history("lobby", range, limit: limit, for: user.id)
                return (page.messages.map(\.seq), page.hasMore)
            }
            #expect(try await seqs(.newest, 3) == ([8, 9, 10], true))
            #expect(try await seqs(.newest, 10) == (Array(1...10), false))
            #expect(try await seqs(.before(4), 2) == ([2, 3], true))
            #expect(try await seqs(.before(4), 3) == ([1, 2, 3], false))
            #expect(try await seqs(.before(1), 3) == ([], false))
            #expect(try await seqs(.after(7), 2) == ([8, 9], true))
            #expect(try await seqs(.after(7), 3) == ([8, 9, 10], false))
            #expect(try await seqs(.after(10), 3) == ([], false))
        }
    }

    @Test("A read position moves forward only, and not past the newest message", arguments: Backend.allCases)
    func readPosition(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            _ = try await stores.makeRoom("lobby", by: titania)
            _ = try await stores.rooms.join("lobby", user: puck.id, committed: { _ in })
            for number in 1...5 { _ = try await stores.append("\(number)", to: "lobby", by: titania) }
            #expect(try await stores.markRead("lobby", 3, by: puck).seq == 3)
            let back = try await stores.markRead("lobby", 1, by: puck)
            #expect(back.seq == 3 && !back.hasMoved)
            #expect(try await stores.markRead("lobby", 99, by: puck).seq == 5)
            #expect(try await stores.rooms.room("lobby", for: puck.id).unread == 0)
        }
    }

    @Test("Whoever speaks has read their own words", arguments: Backend.allCases)
    func ownWords(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            _ = try await stores.makeRoom("lobby", by: user)
            _ = try await stores.append("hello", to: "lobby", by: user)
            #expect(try await stores.rooms.room("lobby", for: user.id).unread == 0)
        }
    }
}
