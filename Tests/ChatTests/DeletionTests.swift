import Auth
import Foundation
import GRDB
import Model
import Storage
import Testing

@testable import Chat

@Suite("A deleted account")
struct DeletionTests {
    private static let password = "faerie123"

    @Test("is gone with all that belonged to it, and what was said stays as a deleted person's")
    func keeps() async throws {
        try await World.with { world in
            let (titania, puck) = try await Self.talk(world)
            try await world.chat.editProfile(bio: "Queen", by: titania)
            try await world.chat.deleteAccount(password: Self.password, code: "", by: titania, client: Client())
            let said = try await world.chat.history(of: "lobby", .newest, limit: 10, for: puck).messages
            #expect(said.map(\.text) == ["from titania", "from puck"] && said.map(\.seq) == [1, 2])
            #expect(said[0].sender.name == "Deleted person" && !said[0].sender.username.contains("titania"))
            let direct = try #require(try await world.chat.rooms(for: puck).first { $0.kind == .direct })
            #expect(direct.name == "Deleted person" && direct.lastSeq == 1)
            #expect(try await world.chat.members(of: "lobby", for: puck).map(\.username) == ["puck"])
            await #expect(
                performing: { try await world.authenticator.principal(titania.session) },
                throws: isRefusal(.sessionEnded))
            await #expect(
                performing: {
                    try await world.authenticator.checkPassword(username: "titania", password: Self.password)
                }, throws: isRefusal(.wrongPassword))
            #expect(world.events.all.suffix(2) == ["titania is Deleted person", "\(titania.user.rawValue) disabled"])
            try Self.nothingDangles(world, titania)
        }
    }

    @Test("takes its messages' texts along where the setting says so; numbers stay")
    func removes() async throws {
        var limits = Limits()
        limits.deletedMessages = .remove
        try await World.with(limits: limits) { world in
            let (titania, puck) = try await Self.talk(world)
            try await world.chat.deleteAccount(password: Self.password, code: "", by: titania, client: Client())
            let said = try await world.chat.history(of: "lobby", .newest, limit: 10, for: puck).messages
            #expect(said.map(\.text) == ["", "from puck"] && said.map(\.seq) == [1, 2])
            #expect(!said[0].isUnreadable)
            #expect(try await world.say("still here", in: "lobby", as: puck) == 3)
            try Self.nothingDangles(world, titania)
        }
    }

    @Test("has a name that nobody gets again, nor anything that stands for it")
    func username() async throws {
        try await World.with { world in
            let (titania, _) = try await Self.talk(world)
            let admin = try await world.person("admin", role: .admin)
            try await world.chat.deleteAccount(password: Self.password, code: "", by: titania, client: Client())
            for name in ["titania", "TITANIA"] {
                await #expect(
                    performing: { try await world.person(name) }, throws: isRefusal(.usernameTaken))
            }
            await #expect(
                performing: { try await world.chat.createBot(username: "titania", name: "", by: admin) },
                throws: isRefusal(.usernameTaken))
            let tombstone = "_deleted-\(titania.user.rawValue)"
            await #expect(performing: { try await world.person(tombstone) }, throws: isRefusal(.invalidField))
            await #expect(
                performing: { try await world.chat.setDisabled(false, username: tombstone, by: .person(admin)) },
                throws: isRefusal(.userNotFound))
            await #expect(
                performing: { try await world.chat.person(tombstone, for: admin) }, throws: isRefusal(.userNotFound))
            #expect(try await world.chat.allUsers().map(\.username) == ["admin", "puck"])
            #expect(try await world.chat.people(matching: "Deleted", for: admin).isEmpty)
        }
    }

    @Test("needs the password, and is not that of the last administrator; nothing has changed then")
    func refused() async throws {
        try await World.with { world in
            let admin = try await world.person("admin", role: .admin)
            await #expect(
                performing: {
                    try await world.chat.deleteAccount(password: "wrong", code: "", by: admin, client: Client())
                }, throws: { ($0 as? ChatError)?.field == "password" })
            await #expect(
                performing: {
                    try await world.chat.deleteAccount(password: Self.password, code: "", by: admin, client: Client())
                }, throws: isRefusal(.lastAdmin))
            _ = try await world.authenticator.principal(admin.session)
            await #expect(
                performing: { try await world.person("admin") }, throws: isRefusal(.usernameTaken))
            _ = try await world.person("other", role: .admin)
            try await world.chat.deleteAccount(password: Self.password, code: "", by: admin, client: Client())
        }
    }

    @Test("is deleted by administrators alone, or by itself; the audit log says by whom")
    func audited() async throws {
        try await World.with { world in
            let admin = try await world.person("admin", role: .admin)
            let titania = try await world.person("titania", role: .moderator)
            _ = try await world.person("puck")
            await #expect(
                performing: { try await world.chat.deleteUser(username: "puck", by: .person(titania)) },
                throws: isRefusal(.notAllowed))
            try await world.chat.deleteUser(username: "puck", by: .person(admin))
            try await world.chat.deleteAccount(password: Self.password, code: "", by: titania, client: Client())
            let entries = try await world.chat.audit(for: admin).filter { $0.action == .deleteUser }
            #expect(entries.map(\.target) == ["titania", "puck"] && entries.map(\.actor) == ["titania", "admin"])
        }
    }

    /// Two people say something in a room, and one of them to the other.
    private static func talk(_ world: World) async throws -> (Principal, Principal) {
        let (titania, puck) = (try await world.person("titania"), try await world.person("puck"))
        _ = try await world.chat.createRoom(name: "Lobby", by: titania)
        _ = try await world.chat.joinRoom("lobby", by: puck)
        _ = try await world.say("from titania", in: "lobby", as: titania, clientId: "t-1")
        _ = try await world.say("from puck", in: "lobby", as: puck)
        let direct = try await world.chat.openDirectRoom(with: ["puck"], by: titania)
        _ = try await world.say("between us", in: direct.slug, as: titania)
        return (titania, puck)
    }

    /// No reference leads nowhere, and no row that belongs to the person is left.
    private static func nothingDangles(_ world: World, _ gone: Principal) throws {
        try DatabaseQueue(path: world.path).read { db in
            #expect(try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").isEmpty)
            for table in ["session", "profile", "secondFactor"] {
                let count = try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM \(table) WHERE userId = ?", arguments: [gone.user.rawValue])
                #expect(count == 0, "\(table)")
            }
        }
    }
}

@Suite("A copy of one's data")
struct ExportTests {
    @Test("has what one said anywhere, one's conversations whole, and nothing of others besides")
    func contents() async throws {
        try await World.with { world in
            let (titania, puck) = (try await world.person("titania"), try await world.person("puck"))
            let oberon = try await world.person("oberon")
            _ = try await world.chat.createRoom(name: "Lobby", by: titania)
            _ = try await world.chat.joinRoom("lobby", by: puck)
            for number in 1...250 { _ = try await world.say("mine \(number)", in: "lobby", as: titania) }
            _ = try await world.say("not mine", in: "lobby", as: puck)
            let ours = try await world.chat.openDirectRoom(with: ["puck"], by: titania)
            _ = try await world.say("hello", in: ours.slug, as: titania)
            _ = try await world.say("hello yourself", in: ours.slug, as: puck)
            let theirs = try await world.chat.openDirectRoom(with: ["oberon"], by: puck)
            _ = try await world.say("about titania", in: theirs.slug, as: oberon)
            try await world.chat.leaveRoom("lobby", by: titania)
            var (said, heard): ([String], [String]) = ([], [])
            var kinds: [String] = []
            try await world.chat.export(for: titania) { part in
                switch part {
                case .account(let user, _, _, let hasSecondFactor):
                    kinds.append("account")
                    #expect(user.username == "titania" && !hasSecondFactor)
                case .sessions(let sessions): #expect(sessions.count == 1)
                case .identities(let identities): #expect(identities.isEmpty)
                case .passkeys(let passkeys): #expect(passkeys.isEmpty)
                case .tokens(let tokens): #expect(tokens.isEmpty)
                case .bots(let bots): #expect(bots.isEmpty)
                case .rooms(let rooms): #expect(rooms.map(\.kind) == [.direct])
                case .invitations(let invitations): #expect(invitations.isEmpty)
                case .audit(let entries): #expect(entries.isEmpty)
                case .messages(let messages): said += messages.map(\.message.text)
                case .conversation(let room): #expect(room.slug == ours.slug)
                case .conversationMessages(let messages): heard += messages.map(\.text)
                }
            }
            #expect(said == (1...250).map { "mine \($0)" } + ["hello"] && kinds == ["account"])
            #expect(heard == ["hello", "hello yourself"])
        }
    }

    @Test("asks for the password, and not too often")
    func guarded() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            await #expect(
                performing: { try await world.chat.beginExport(password: "no", by: titania, client: Client()) },
                throws: { ($0 as? ChatError)?.field == "password" })
            for _ in 1...5 { try await world.chat.beginExport(password: "faerie123", by: titania, client: Client()) }
            await #expect(
                performing: { try await world.chat.beginExport(password: "faerie123", by: titania, client: Client()) },
                throws: isRefusal(.tooManyRequests))
        }
    }
}
