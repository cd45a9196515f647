import Auth
import GRDB
import Model
import Storage
import Testing

@testable import Chat

@Suite("What people can do")
struct CommandTests {
    @Test("A message is stored, numbered and told to the room; an empty or endless one is not")
    func sendMessage() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            let room = try await world.chat.createRoom(name: "Lobby", by: titania)
            #expect(try await world.say("hello", in: room.slug, as: titania) == 1)
            for text in ["", "  ", String(repeating: "a", count: 4001), "a\0b"] {
                await #expect(throws: ChatError.self) { try await world.say(text, in: room.slug, as: titania) }
            }
            #expect(try await world.say("again", in: room.slug, as: titania) == 2)
            #expect(world.events.all == ["1 joined lobby", "lobby #1 hello", "lobby #2 again"])
        }
    }

    @Test("The same clientId again is answered with the first seq, and told to nobody")
    func idempotent() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            let room = try await world.chat.createRoom(name: "Lobby", by: titania)
            for _ in 0..<3 { #expect(try await world.say("hello", in: room.slug, as: titania, clientId: "c") == 1) }
            #expect(world.events.all == ["1 joined lobby", "lobby #1 hello"])
            for bad in ["", String(repeating: "c", count: 65), "a\nb"] {
                await #expect(
                    performing: { try await world.say("x", in: room.slug, as: titania, clientId: bad) },
                    throws: isRefusal(.invalidField))
            }
        }
    }

    @Test("Events come in commit order, over all kinds of changes")
    func order() async throws {
        try await World.with { world in
            let (titania, puck) = (try await world.person("titania"), try await world.person("puck"))
            _ = try await world.chat.createRoom(name: "Lobby", by: titania)
            _ = try await world.say("one", in: "lobby", as: titania)
            _ = try await world.chat.joinRoom("lobby", by: puck)
            _ = try await world.say("two", in: "lobby", as: puck)
            _ = try await world.chat.markRead("lobby", seq: 2, by: titania)
            try await world.chat.leaveRoom("lobby", by: puck)
            #expect(
                world.events.all == [
                    "1 joined lobby", "lobby #1 one", "2 joined lobby", "lobby #2 two", "1 read lobby #2",
                    "2 left lobby",
                ])
        }
    }

    @Test("Who left, or was never in, neither speaks nor reads")
    func authorisation() async throws {
        try await World.with { world in
            let (titania, puck) = (try await world.person("titania"), try await world.person("puck"))
            _ = try await world.chat.createRoom(name: "Court", kind: .private, by: titania)
            let chat = world.chat
            await #expect(
                performing: { try await world.say("hi", in: "court", as: puck) }, throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await chat.history(of: "court", .newest, limit: 10, for: puck) },
                throws: isRefusal(.roomNotFound))
            try await chat.invite("puck", to: "court", by: titania)
            _ = try await world.say("hi", in: "court", as: puck)
            try await chat.leaveRoom("court", by: puck)
            await #expect(
                performing: { try await world.say("hi", in: "court", as: puck) }, throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await chat.joinRoom("court", by: puck) }, throws: isRefusal(.roomNotFound))
        }
    }

    @Test("A direct room is opened once, told to each of its people, and never with oneself alone or with too many")
    func direct() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            for name in ["puck", "luna"] { _ = try await world.person(name) }
            let room = try await world.chat.openDirectRoom(with: ["Puck"], by: titania)
            let again = try await world.chat.openDirectRoom(with: ["puck", "titania"], by: titania)
            #expect(room.slug == again.slug && room.name == "puck")
            #expect(Set(world.events.all) == ["1 joined \(room.slug)", "2 joined \(room.slug)"])
            for bad in [["titania"], []] {
                await #expect(
                    performing: { try await world.chat.openDirectRoom(with: bad, by: titania) },
                    throws: isRefusal(.invalidField))
            }
            await #expect(
                performing: { try await world.chat.openDirectRoom(with: ["nobody"], by: titania) },
                throws: isRefusal(.userNotFound))
        }
    }

    @Test("A name without a usable letter still makes a room; a direct kind does not")
    func createRoom() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            #expect(try await world.chat.createRoom(name: "房间", by: titania).slug == "room")
            await #expect(
                performing: { try await world.chat.createRoom(name: "x", kind: .direct, by: titania) },
                throws: isRefusal(.invalidField))
            await #expect(
                performing: { try await world.chat.createRoom(name: "x", slug: "../etc", by: titania) },
                throws: isRefusal(.invalidField))
        }
    }

    @Test("A disabled account is out at once, cannot come back, and is not found")
    func disable() async throws {
        try await World.with { world in
            let (titania, puck) = (try await world.person("titania"), try await world.person("puck"))
            _ = try await world.chat.setDisabled(true, username: "puck", by: .operatorOfServer)
            #expect(world.events.all == ["2 disabled"])
            await #expect(
                performing: { try await world.authenticator.principal(puck.session) },
                throws: isRefusal(.accountDisabled))
            await #expect(
                performing: { try await world.authenticator.checkPassword(username: "puck", password: "faerie123") },
                throws: isRefusal(.accountDisabled))
            await #expect(
                performing: { try await world.authenticator.checkPassword(username: "puck", password: "wrong") },
                throws: isRefusal(.wrongPassword))
            await #expect(
                performing: { try await world.chat.openDirectRoom(with: ["puck"], by: titania) },
                throws: isRefusal(.userNotFound))
            #expect(try await world.chat.people(matching: "p", for: titania).isEmpty)
        }
    }

    @Test("A token of somebody who is gone, or of a sign-in that is, says which")
    func goneUser() async throws {
        try await World.with { world in
            let user = try await world.authenticator.register(username: "puck", name: nil, password: "faerie123")
            let access = try await world.authenticator.openAPISession(for: user).access
            #expect(try await world.authenticator.principal(accessToken: access).username == "puck")
            try await DatabaseQueue(path: world.path).write { try $0.execute(sql: "DELETE FROM session") }
            await #expect(
                performing: { try await world.authenticator.principal(accessToken: access) },
                throws: isRefusal(.sessionEnded))
            try await DatabaseQueue(path: world.path).write { try $0.execute(sql: "DELETE FROM user") }
            await #expect(
                performing: { try await world.authenticator.principal(accessToken: access) },
                throws: isRefusal(.userGone))
        }
    }

    @Test("Whom the command line disables is noticed once")
    func noticeDisabled() async throws {
        try await World.with { world in
            for name in ["puck", "luna"] { _ = try await world.person(name) }
            let before = try await world.chat.noticeDisabledUsers(since: [])
            try await DatabaseQueue(path: world.path).write {
                try $0.execute(sql: "UPDATE user SET isDisabled = 1 WHERE username = 'puck'")
            }
            let after = try await world.chat.noticeDisabledUsers(since: before)
            _ = try await world.chat.noticeDisabledUsers(since: after)
            #expect(world.events.all == ["1 disabled"])
        }
    }

    @Test("Signing out ends the sign-in and tells its sockets")
    func endSession() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            try await world.chat.endSession(titania.session)
            #expect(world.events.all == ["sessions [\(titania.session.rawValue)] ended"])
            await #expect(
                performing: { try await world.authenticator.principal(titania.session) },
                throws: isRefusal(.sessionEnded))
        }
    }

    @Test("Demo data is complete, and making it again changes nothing")
    func demo() async throws {
        try await World.with { world in
            #expect(try await world.chat.hasDemoData() == nil)
            try await world.chat.seedDemoData { _ in }
            let (users, rooms, events) = (
                try await world.chat.allUsers(), try await world.chat.allRooms().map(\.messages), world.events.all
            )
            #expect(users.count == 12 && users.filter { $0.role == .admin }.map(\.username) == ["admin"])
            #expect(rooms.count >= 4 && rooms.allSatisfy { $0 > 0 })
            try await world.chat.seedDemoData { Issue.record("made again: \($0)") }
            #expect(try await world.chat.allUsers() == users)
            #expect(world.events.all == events)
            #expect(try await world.chat.hasDemoData() == true)
            _ = try await world.authenticator.checkPassword(username: "omni", password: "omnifae42")
            _ = try await world.chat.setPassword("something else", username: "omni", by: .operatorOfServer)
            #expect(try await world.chat.hasDemoData() == false)
        }
    }
}
