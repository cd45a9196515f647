import Auth
import Model
import Storage
import Testing

@testable import Chat

@Suite("Names that look like somebody else's")
struct LookAlikeTests {
    @Test(
        "Nobody registers as somebody who keeps order here",
        arguments: ["adm1n", "admln", "ad-min", "t1tania", "titan1a", "titania."])
    func usernames(username: String) async throws {
        try await World.with { world in
            _ = try await world.person("admin", role: .admin)
            _ = try await world.person("titania", role: .moderator)
            await #expect(
                performing: { try await world.person(username) },
                throws: { isRefusal(.invalidField)($0) && ($0 as? ChatError)?.field == "username" })
        }
    }

    @Test("Nobody is called so either", arguments: ["Admin", "ADM1N", "T i t a n i a", "Títania", "Titanıa"])
    func staffNames(name: String) async throws {
        try await World.with { world in
            _ = try await world.person("admin", role: .admin)
            _ = try await world.person("titania", role: .moderator)
            let puck = try await world.person("puck")
            await #expect(
                performing: { try await world.chat.editProfile(name: name, by: puck) },
                throws: { isRefusal(.invalidField)($0) && ($0 as? ChatError)?.field == "name" })
            #expect(try await world.chat.person("puck", for: puck).user.name == "puck")
        }
    }

    @Test("Who is called like somebody else is shown with the username; who was first is not")
    func marked() async throws {
        try await World.with { world in
            let (one, other) = (try await world.person("oberon"), try await world.person("puck"))
            try await world.chat.editProfile(name: "King of Fairies", by: one)
            try await world.chat.editProfile(name: "K1ng of  Fairies", by: other)
            #expect(try await world.chat.person("puck", for: one).user.name == "K1ng of  Fairies (puck)")
            #expect(try await world.chat.person("oberon", for: one).user.name == "King of Fairies")
            // Saved again as it was shown, it does not grow.
            try await world.chat.editProfile(name: "K1ng of  Fairies (puck)", by: other)
            #expect(try await world.chat.person("puck", for: one).user.name == "K1ng of  Fairies (puck)")
            try await world.chat.editProfile(name: "King of Fairies", by: one)
            #expect(try await world.chat.person("oberon", for: one).user.name == "King of Fairies")
            try await world.chat.editProfile(name: "Puck", by: other)
            #expect(try await world.chat.person("puck", for: one).user.name == "Puck")
        }
    }

    @Test("Nor is a program named like somebody who keeps order here", arguments: ["0beron", "ober0n"])
    func programs(name: String) async throws {
        var limits = Limits()
        limits.membersMakeBots = true
        try await World.with(limits: limits) { world in
            _ = try await world.person("oberon", role: .admin)
            let puck = try await world.person("puck")
            _ = try await world.chat.createRoom(name: "Wood", by: puck)
            await #expect(
                performing: { try await world.chat.createBot(username: name, name: "Peter", by: puck) },
                throws: { isRefusal(.invalidField)($0) && ($0 as? ChatError)?.field == "username" })
            await #expect(
                performing: { try await world.chat.createBot(username: "peter", name: name, by: puck) },
                throws: { isRefusal(.invalidField)($0) && ($0 as? ChatError)?.field == "name" })
            await #expect(
                performing: { try await world.chat.createIncomingHook(name: name, in: "wood", by: puck) },
                throws: { isRefusal(.invalidField)($0) && ($0 as? ChatError)?.field == "name" })
            #expect(try await world.chat.bots(for: puck).isEmpty)
            #expect(try await world.chat.incomingHooks(of: "wood", for: puck).isEmpty)
        }
    }

    @Test("A program that is called like a person is shown with its username; like another program, as it is")
    func markedPrograms() async throws {
        try await World.with { world in
            let (admin, puck) = (try await world.person("admin", role: .admin), try await world.person("puck"))
            _ = try await world.chat.createRoom(name: "Wood", by: puck)
            let bot = try await world.chat.createBot(username: "peter", name: "Puck", by: admin)
            #expect(bot.name == "Puck (peter)")
            for _ in 0..<2 {
                let made = try await world.chat.createIncomingHook(name: "CI server", in: "wood", by: puck)
                #expect(made.hook.bot.name == "CI server")
            }
            try await world.chat.editProfile(name: "CI server", by: puck)
            #expect(try await world.chat.person("puck", for: puck).user.name == "CI server (puck)")
        }
    }

    @Test("Names of people and rooms keep to one script, and hide nothing")
    func scripts() async throws {
        try await World.with { world in
            let puck = try await world.person("puck")
            for (name, words) in [
                ("Тitania", "mixes"), ("Pαul", "mixes"), ("a\u{202E}b", "cannot be seen"),
                ("a\u{200B}b", "cannot be seen"),
            ] {
                await #expect(
                    performing: { try await world.chat.editProfile(name: name, by: puck) },
                    throws: { ($0 as? ChatError)?.field == "name" && "\($0)".contains(words) })
                await #expect(
                    performing: { try await world.chat.createRoom(name: name, by: puck) },
                    throws: { ($0 as? ChatError)?.field == "name" && "\($0)".contains(words) })
            }
            try await world.chat.editProfile(name: "Анна 🏳️‍🌈", by: puck)
        }
    }
}
