import Auth
import Foundation
import GRDB
import Model
import Storage
import Testing

@testable import Chat

@Suite("Looking after a room")
struct ModerationTests {
    /// A room of Titania's, with Bottom as its moderator and Puck as a member.
    private static func withRoom(
        _ kind: RoomKind = .public,
        _ body: (World, _ owner: Principal, _ moderator: Principal, _ member: Principal) async throws -> Void
    ) async throws {
        try await World.with { world in
            let owner = try await world.person("titania")
            let (moderator, member) = (try await world.person("bottom"), try await world.person("puck"))
            _ = try await world.chat.createRoom(name: "Lobby", kind: kind, by: owner)
            for person in ["bottom", "puck"] { try await world.chat.invite(person, to: "lobby", by: owner) }
            try await world.chat.setRoomRole(.moderator, of: "bottom", in: "lobby", by: owner)
            try await body(world, owner, moderator, member)
        }
    }

    private static func actions(_ world: World) async throws -> [String] {
        let admin = try await world.person("auditor", role: .admin)
        return try await world.chat.audit(for: admin).reversed().map { "\($0.action.rawValue) \($0.target)" }
    }

    @Test("Whoever is sent out may come back, whoever is banned may not until that is over or lifted")
    func kickAndBan() async throws {
        try await Self.withRoom { world, owner, moderator, member in
            try await world.chat.kick("puck", from: "lobby", reason: "noise", by: moderator)
            #expect(world.events.all.last == "3 kicked from lobby")
            await #expect(
                performing: { try await world.say("x", in: "lobby", as: member) }, throws: isRefusal(.notAMember))
            _ = try await world.chat.joinRoom("lobby", by: member)
            try await world.chat.restrict(
                "puck", in: "lobby", .ban, lasting: nil, reason: "noise", by: moderator)
            #expect(world.events.all.last == "3 banned from lobby")
            for _ in 0..<2 {
                await #expect(
                    performing: { try await world.chat.joinRoom("lobby", by: member) }, throws: isRefusal(.banned))
                await #expect(
                    performing: { try await world.chat.invite("puck", to: "lobby", by: owner) },
                    throws: isRefusal(.banned))
            }
            #expect(try await world.chat.restrictions(.ban, in: "lobby", for: owner).map(\.person.username) == ["puck"])
            try await world.chat.lift(.ban, of: "puck", in: "lobby", by: moderator)
            _ = try await world.chat.joinRoom("lobby", by: member)
            #expect(
                try await Self.actions(world) == [
                    "room.set_role bottom", "room.kick puck", "room.ban puck", "room.unban puck",
                    "user.set_role auditor",
                ])
        }
    }

    @Test("A restriction ends by itself")
    func expiry() async throws {
        try await Self.withRoom { world, owner, _, member in
            for kind in Restriction.Kind.allCases {
                try await world.chat.restrict("puck", in: "lobby", kind, lasting: Seconds(60), reason: "", by: owner)
            }
            try await DatabaseQueue(path: world.path).write { db in
                try db.execute(sql: "UPDATE restriction SET until = until - 60000")
            }
            _ = try await world.chat.joinRoom("lobby", by: member)
            _ = try await world.say("back", in: "lobby", as: member)
        }
    }

    @Test("A mute holds also for who leaves and comes back, and a message sent before is still found")
    func mute() async throws {
        try await Self.withRoom { world, _, moderator, member in
            _ = try await world.say("hello", in: "lobby", as: member, clientId: "c-1")
            try await world.chat.restrict("puck", in: "lobby", .mute, lasting: nil, reason: "", by: moderator)
            #expect(world.events.all.last == "3 muted member of lobby")
            for _ in 0..<2 {
                await #expect(
                    performing: { try await world.say("x", in: "lobby", as: member) }, throws: isRefusal(.muted))
                try await world.chat.leaveRoom("lobby", by: member)
                _ = try await world.chat.joinRoom("lobby", by: member)
            }
            #expect(try await world.say("hello", in: "lobby", as: member, clientId: "c-1") == 1)
            try await world.chat.lift(.mute, of: "puck", in: "lobby", by: moderator)
            _ = try await world.say("free", in: "lobby", as: member)
        }
    }

    @Test("In slow mode members wait between messages, also after a restart of the cache; moderators do not")
    func slowMode() async throws {
        try await Self.withRoom { world, owner, moderator, member in
            _ = try await world.say("before", in: "lobby", as: member)
            var change = RoomChange()
            change.slow = Seconds(3600)
            _ = try await world.chat.changeRoom("lobby", change, by: moderator)
            for _ in 0..<2 {
                await #expect(
                    performing: { try await world.say("x", in: "lobby", as: member) },
                    throws: { ($0 as? ChatError)?.code == .slowMode && ($0 as? ChatError)?.retryAfter != nil })
                try await world.chat.leaveRoom("lobby", by: member)
                _ = try await world.chat.joinRoom("lobby", by: member)
            }
            for person in [owner, moderator, owner, moderator] { _ = try await world.say("x", in: "lobby", as: person) }
            try await DatabaseQueue(path: world.path).write { db in
                try db.execute(sql: "UPDATE membership SET spokeAt = 0")
            }
            _ = try await world.say("waited", in: "lobby", as: member)
            await #expect(
                performing: { try await world.say("x", in: "lobby", as: member) }, throws: isRefusal(.slowMode))
        }
    }

    @Test("Where a room is locked or for announcements, only those who look after it write")
    func closed() async throws {
        try await Self.withRoom { world, owner, moderator, member in
            var lock = RoomChange()
            lock.isLocked = true
            _ = try await world.chat.changeRoom("lobby", lock, by: moderator)
            await #expect(
                performing: { try await world.say("x", in: "lobby", as: member) }, throws: isRefusal(.roomLocked))
            var announce = RoomChange()
            (announce.isLocked, announce.isAnnouncement) = (false, true)
            await #expect(
                performing: { try await world.chat.changeRoom("lobby", announce, by: moderator) },
                throws: isRefusal(.notAllowed))
            _ = try await world.chat.changeRoom("lobby", announce, by: owner)
            await #expect(
                performing: { try await world.say("x", in: "lobby", as: member) },
                throws: isRefusal(.announcementsOnly))
            _ = try await world.say("news", in: "lobby", as: moderator)
        }
    }

    @Test("Members have power over nobody, moderators over members, the owner over both, nobody over themselves")
    func order() async throws {
        try await Self.withRoom { world, owner, moderator, member in
            let people = [("puck", member), ("bottom", moderator), ("titania", owner)]
            for (rank, (_, actor)) in people.enumerated() {
                for (otherRank, (name, _)) in people.enumerated() {
                    do {
                        try await world.chat.restrict(
                            name, in: "lobby", .mute, lasting: nil, reason: "", by: actor)
                        #expect(rank > otherRank)
                        try await world.chat.lift(.mute, of: name, in: "lobby", by: actor)
                    } catch let error as ChatError {
                        #expect(error.code == .notAllowed && rank <= otherRank, "\(rank) on \(otherRank): \(error)")
                    }
                }
            }
        }
    }

    @Test("A room that is handed over, or left by its owner, has one owner: its longest moderator")
    func owners() async throws {
        try await Self.withRoom { world, owner, moderator, _ in
            try await world.chat.setRoomRole(.owner, of: "puck", in: "lobby", by: owner)
            await #expect(
                performing: { try await world.chat.setRoomRole(.member, of: "bottom", in: "lobby", by: moderator) },
                throws: isRefusal(.notAllowed))
            let admin = try await world.person("admin", role: .admin)
            try await world.chat.kick("puck", from: "lobby", reason: "", by: admin)
            let roles = try await world.chat.members(of: "lobby", for: owner).map {
                "\($0.username) \($0.role.rawValue)"
            }
            #expect(roles == ["bottom moderator", "titania owner"])
            try await world.chat.leaveRoom("lobby", by: owner)
            #expect(try await world.chat.room("lobby", for: moderator).standing.room == .owner)
        }
    }

    @Test("A private room is closed to those who run the server, and never becomes public")
    func privateRoom() async throws {
        try await Self.withRoom(.private) { world, owner, _, member in
            let admin = try await world.person("admin", role: .admin)
            await #expect(
                performing: { try await world.chat.kick("puck", from: "lobby", reason: "", by: admin) },
                throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await world.chat.removeMessage(1, in: "lobby", by: admin) },
                throws: isRefusal(.roomNotFound))
            var change = RoomChange()
            change.kind = .public
            await #expect(
                performing: { try await world.chat.changeRoom("lobby", change, by: owner) },
                throws: isRefusal(.invalidField))
            _ = try await world.say("still here", in: "lobby", as: member)
        }
    }

    @Test("A suspended account is out until its time is over; moderators suspend members and guests alone")
    func suspension() async throws {
        try await World.with { world in
            let (admin, moderator) = (
                try await world.person("admin", role: .admin), try await world.person("bottom", role: .moderator)
            )
            let puck = try await world.person("puck")
            for name in ["admin", "bottom"] {
                await #expect(
                    performing: { try await world.chat.suspend(name, lasting: Seconds(60), by: .person(moderator)) },
                    throws: isRefusal(.notAllowed))
            }
            _ = try await world.chat.suspend("puck", lasting: Seconds(60), by: .person(moderator))
            #expect(world.events.all.last == "\(puck.user.rawValue) disabled")
            await #expect(
                performing: { try await world.authenticator.checkPassword(username: "puck", password: "faerie123") },
                throws: {
                    let error = $0 as? ChatError
                    return error?.code == .accountDisabled && error?.message.contains("suspended until") == true
                })
            _ = try await world.chat.suspend("puck", lasting: nil, by: .person(admin))
            _ = try await world.authenticator.checkPassword(username: "puck", password: "faerie123")
            await #expect(
                performing: { try await world.chat.suspend("admin", lasting: Seconds(60), by: .operatorOfServer) },
                throws: isRefusal(.lastAdmin))
        }
    }
}
