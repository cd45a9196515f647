import Auth
import Model
import Storage
import Testing

@testable import Chat

@Suite("Bots and hooks")
struct BotTests {
    @Test("are made by administrators, and by others only where the setting says so", arguments: Role.allCases)
    func makers(role: Role) async throws {
        try await World.with { world in
            let principal = try await world.person("somebody", role: role)
            do {
                let bot = try await world.chat.createBot(username: "Peter", name: "", by: principal)
                #expect(role == .admin && bot.isBot && bot.username == "peter")
            } catch let error as ChatError {
                #expect(role != .admin && error.code == .notAllowed)
            }
        }
    }

    @Test("cannot sign in, and act by token as themselves")
    func tokens() async throws {
        try await World.with { world in
            let admin = try await world.person("admin", role: .admin)
            _ = try await world.chat.createBot(username: "peter", name: "Peter", by: admin)
            for password in ["", "!", "faerie123"] {
                await #expect(
                    performing: {
                        try await world.authenticator.checkPassword(username: "peter", password: password)
                    }, throws: isRefusal(.wrongPassword))
            }
            let made = try await world.chat.createToken(
                forBot: "peter", name: "t", scopes: [.messagesWrite], days: 1, password: "faerie123", by: admin,
                from: Client())
            let bot = try await world.authenticator.principal(accessToken: made.token.text)
            #expect(bot.person == Person(username: "peter", name: "Peter", isBot: true))
            try await world.chat.deleteBot("peter", by: admin)
            await #expect(
                performing: { try await world.authenticator.principal(accessToken: made.token.text) },
                throws: isRefusal(.accountDisabled))
        }
    }

    @Test("are nobody's business but their owner's and the administrators', and lose their tokens with their owner")
    func owners() async throws {
        try await World.with { world in
            let (admin, other) = (
                try await world.person("admin", role: .admin), try await world.person("second", role: .admin)
            )
            let member = try await world.person("puck")
            _ = try await world.chat.createBot(username: "peter", name: "Peter", by: admin)
            await #expect(
                performing: { try await world.chat.bot("peter", for: member) }, throws: isRefusal(.botNotFound))
            _ = try await world.chat.bot("peter", for: other)
            let made = try await world.chat.createToken(
                forBot: "peter", name: "t", scopes: [.accountRead], days: 1, password: "faerie123", by: admin,
                from: Client())
            _ = try await world.chat.setDisabled(true, username: "admin", by: .person(other))
            await #expect(
                performing: { try await world.authenticator.principal(accessToken: made.token.text) },
                throws: isRefusal(.tokenInvalid))
            // Nor are they given power over others.
            await #expect(
                performing: { try await world.chat.setRole(.admin, username: "peter", by: .person(other)) },
                throws: isRefusal(.invalidField))
        }
    }

    @Test("write by hook as the hook, once for each key, and only with its token")
    func incoming() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            _ = try await world.chat.createRoom(name: "Lobby", by: titania)
            let (token, hook) = try await world.chat.createIncomingHook(name: "CI server", in: "lobby", by: titania)
            @Sendable func write(_ text: String, key: String? = nil, token: String) async throws -> SentMessage {
                try await world.chat.write(text, username: nil, clientId: key, byHook: hook.id, token: token)
            }
            let first = try await write("built", key: "1", token: token.text)
            #expect(first.isNew && first.message.sender.name == "CI server" && first.message.sender.isBot)
            #expect(try await !write("built", key: "1", token: token.text).isNew)
            let named = try await world.chat.write(
                "failed", username: "main", clientId: nil, byHook: hook.id, token: token.text)
            #expect(named.message.text == "main: failed")
            for wrong in ["", MarkedToken(.hook).text, token.text + "x"] {
                await #expect(performing: { try await write("no", token: wrong) }, throws: isRefusal(.hookNotFound))
            }
            let renewed = try await world.chat.renewToken(of: hook.id, in: "lobby", by: titania)
            await #expect(performing: { try await write("no", token: token.text) }, throws: isRefusal(.hookNotFound))
            _ = try await write("again", token: renewed.text)
            try await world.chat.deleteIncomingHook(hook.id, in: "lobby", by: titania)
            await #expect(performing: { try await write("no", token: renewed.text) }, throws: isRefusal(.hookNotFound))
        }
    }

    @Test("belong to a room: who is not in it, or is a guest, learns nothing of its hooks")
    func roomHooks() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            _ = try await world.chat.createRoom(name: "Wood", kind: .private, by: titania)
            let (_, hook) = try await world.chat.createIncomingHook(name: "CI", in: "wood", by: titania)
            let (stranger, guest) = (try await world.person("puck"), try await world.person("moth", role: .guest))
            try await world.chat.invite("moth", to: "wood", by: titania)
            await #expect(
                performing: { try await world.chat.incomingHooks(of: "wood", for: stranger) },
                throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await world.chat.incomingHooks(of: "wood", for: guest) },
                throws: isRefusal(.notAllowed))
            _ = try await world.chat.createRoom(name: "Other", by: titania)
            await #expect(
                performing: { try await world.chat.deleteIncomingHook(hook.id, in: "other", by: titania) },
                throws: isRefusal(.hookNotFound))
        }
    }
}
