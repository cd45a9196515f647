import Auth
import GRDB
import Model
import Storage
import Testing

@testable import Chat

@Suite("The audit log")
struct AuditTests {
    /// A room of Titania's with a message of Puck's in it, on a server that an administrator looks after.
    private struct Stage {
        let chat: Chat
        let twoFactor: TwoFactor
        let admin: Principal
        let titania: Principal
        let puck: Principal
        let message: Seq

        init(_ world: World) async throws {
            // It takes any address for a hook, and writes no letters.
            chat = Chat(
                stores: world.chat.stores, authenticator: world.authenticator, limits: Limits(), publish: { _ in },
                checkHookAddress: { $0 })
            twoFactor = world.authenticator.twoFactor
            admin = try await world.person("admin", role: .admin)
            titania = try await world.person("titania")
            puck = try await world.person("puck")
            _ = try await chat.createRoom(name: "Lobby", by: titania)
            _ = try await chat.invite("puck", to: "lobby", by: titania)
            message = try await world.say("something rude", in: "lobby", as: puck)
        }

        func newest() async throws -> AuditEntry? {
            try await chat.audit(limit: 1, for: admin).first
        }

        func report() async throws -> ReportID {
            try await chat.report(message, in: "lobby", reason: "rude", by: titania)
            return try #require(try await chat.reports(for: titania).first?.id)
        }

        func botToken() async throws -> SessionID {
            _ = try await chat.createBot(username: "peter", name: "Peter", by: admin)
            let made = try await chat.createToken(
                forBot: "peter", name: "a program", scopes: [.accountRead], days: 1, password: "faerie123", by: admin,
                from: Client())
            return made.record.id
        }

        func outgoingHook() async throws -> OutgoingHookID {
            try await chat.createOutgoingHook(address: "https://example.com/", in: "lobby", by: titania).hook.id
        }
    }

    /// Does something, and says who did it to whom or what.
    private typealias Act = @Sendable (Stage) async throws -> (actor: String, target: String)

    private static let onPeople: [AuditEntry.Action: Act] = [
        .setRole: { stage in
            _ = try await stage.chat.setRole(.moderator, username: "puck", by: .person(stage.admin))
            return ("admin", "puck")
        },
        .disableUser: { stage in
            _ = try await stage.chat.setDisabled(true, username: "puck", by: .person(stage.admin))
            return ("admin", "puck")
        },
        .enableUser: { stage in
            _ = try await stage.chat.setDisabled(true, username: "puck", by: .person(stage.admin))
            _ = try await stage.chat.setDisabled(false, username: "puck", by: .person(stage.admin))
            return ("admin", "puck")
        },
        .suspendUser: { stage in
            _ = try await stage.chat.suspend("puck", lasting: .days(1), by: .person(stage.admin))
            return ("admin", "puck")
        },
        .unsuspendUser: { stage in
            _ = try await stage.chat.suspend("puck", lasting: .days(1), by: .person(stage.admin))
            _ = try await stage.chat.suspend("puck", lasting: nil, by: .person(stage.admin))
            return ("admin", "puck")
        },
        .setPassword: { stage in
            _ = try await stage.chat.setPassword("a good long password", username: "puck", by: .person(stage.admin))
            return ("admin", "puck")
        },
        .deleteUser: { stage in
            _ = try await stage.chat.deleteUser(username: "puck", by: .person(stage.admin))
            return ("admin", "puck")
        },
        .setEmail: { stage in
            let address = try EmailAddress("puck@faerie.test")
            _ = try await stage.chat.setEmail(address, username: "puck", by: .person(stage.admin))
            return ("admin", "puck")
        },
        .removeSecondFactor: { stage in
            let enrolment = stage.twoFactor.enrol(stage.puck.user)
            let code = enrolment.totp.code(at: TOTP.step(at: .now))
            _ = try await stage.twoFactor.turnOn(enrolment.sealed, code: code, for: stage.puck.user)
            _ = try await stage.chat.removeSecondFactor(username: "puck", by: .person(stage.admin))
            return ("admin", "puck")
        },
        .endSession: { stage in
            try await stage.chat.endSession(stage.puck.session, as: stage.admin)
            return ("admin", "puck")
        },
        .createInvitation: { stage in
            let made = try await stage.chat.createInvitation(days: 1, usesMax: 1, role: .member, by: stage.admin)
            return ("admin", "\(made.invitation.id.rawValue)")
        },
        .revokeInvitation: { stage in
            let made = try await stage.chat.createInvitation(days: 1, usesMax: 1, role: .member, by: stage.admin)
            try await stage.chat.revokeInvitation(made.invitation.id, by: stage.admin)
            return ("admin", "\(made.invitation.id.rawValue)")
        },
    ]

    private static let inRooms: [AuditEntry.Action: Act] = [
        .changeRoom: { stage in
            var change = RoomChange()
            change.topic = "Fairies"
            _ = try await stage.chat.changeRoom("lobby", change, by: stage.titania)
            return ("titania", "lobby")
        },
        .setRoomRole: { stage in
            try await stage.chat.setRoomRole(.moderator, of: "puck", in: "lobby", by: stage.titania)
            return ("titania", "puck")
        },
        .handRoomOver: { stage in
            try await stage.chat.setRoomRole(.owner, of: "puck", in: "lobby", by: stage.titania)
            return ("titania", "puck")
        },
        .kick: { stage in
            try await stage.chat.kick("puck", from: "lobby", reason: "noise", by: stage.titania)
            return ("titania", "puck")
        },
        .ban: { stage in
            try await stage.chat.restrict("puck", in: "lobby", .ban, lasting: nil, reason: "", by: stage.titania)
            return ("titania", "puck")
        },
        .unban: { stage in
            try await stage.chat.restrict("puck", in: "lobby", .ban, lasting: nil, reason: "", by: stage.titania)
            try await stage.chat.lift(.ban, of: "puck", in: "lobby", by: stage.titania)
            return ("titania", "puck")
        },
        .mute: { stage in
            try await stage.chat.restrict("puck", in: "lobby", .mute, lasting: nil, reason: "", by: stage.titania)
            return ("titania", "puck")
        },
        .unmute: { stage in
            try await stage.chat.restrict("puck", in: "lobby", .mute, lasting: nil, reason: "", by: stage.titania)
            try await stage.chat.lift(.mute, of: "puck", in: "lobby", by: stage.titania)
            return ("titania", "puck")
        },
        .removeMessage: { stage in
            try await stage.chat.removeMessage(stage.message, in: "lobby", by: stage.titania)
            return ("titania", "puck")
        },
        .resolveReport: { stage in
            let report = try await stage.report()
            try await stage.chat.resolveReport(report, removingMessage: false, by: stage.admin)
            return ("admin", "\(report.rawValue)")
        },
        .dismissReport: { stage in
            let report = try await stage.report()
            try await stage.chat.dismissReport(report, by: stage.titania)
            return ("titania", "\(report.rawValue)")
        },
    ]

    private static let withPrograms: [AuditEntry.Action: Act] = [
        .createBot: { stage in
            _ = try await stage.chat.createBot(username: "peter", name: "Peter", by: stage.admin)
            return ("admin", "peter")
        },
        .deleteBot: { stage in
            _ = try await stage.chat.createBot(username: "peter", name: "Peter", by: stage.admin)
            try await stage.chat.deleteBot("peter", by: stage.admin)
            return ("admin", "peter")
        },
        .createBotToken: { stage in
            _ = try await stage.botToken()
            return ("admin", "peter")
        },
        .revokeBotToken: { stage in
            let token = try await stage.botToken()
            try await stage.chat.revokeToken(token, ofBot: "peter", by: stage.admin)
            return ("admin", "peter")
        },
        .createHook: { stage in
            _ = try await stage.chat.createIncomingHook(name: "CI", in: "lobby", by: stage.titania)
            return ("titania", "lobby")
        },
        .renewHook: { stage in
            let made = try await stage.chat.createIncomingHook(name: "CI", in: "lobby", by: stage.titania)
            _ = try await stage.chat.renewToken(of: made.hook.id, in: "lobby", by: stage.titania)
            return ("titania", "lobby")
        },
        .disableHook: { stage in
            let hook = try await stage.outgoingHook()
            try await stage.chat.setHookDisabled(true, hook, in: "lobby", by: stage.titania)
            return ("titania", "lobby")
        },
        .enableHook: { stage in
            let hook = try await stage.outgoingHook()
            try await stage.chat.setHookDisabled(true, hook, in: "lobby", by: stage.titania)
            try await stage.chat.setHookDisabled(false, hook, in: "lobby", by: stage.titania)
            return ("titania", "lobby")
        },
        .deleteHook: { stage in
            let made = try await stage.chat.createIncomingHook(name: "CI", in: "lobby", by: stage.titania)
            try await stage.chat.deleteIncomingHook(made.hook.id, in: "lobby", by: stage.titania)
            return ("titania", "lobby")
        },
    ]

    private static let table: [AuditEntry.Action: Act] = onPeople.merging(inRooms) { first, _ in first }
        .merging(withPrograms) { first, _ in first }

    private static let elsewhere: Set<AuditEntry.Action> = [
        // `setUp`, below: nobody may run the server before.
        .setUpServer,
        // System/test_provider_accounts.py: a provider has to say who somebody is.
        .addProvider, .removeProvider,
        // System/test_passkeys.py: somebody's browser has to make one.
        .addPasskey, .removePasskey, .passkeyCopied,
    ]

    @Test("says of all that is done with power over others who did it, and to whom or what")
    func everything() async throws {
        #expect(Set(Self.table.keys) == Set(AuditEntry.Action.allCases).subtracting(Self.elsewhere))
        for (action, act) in Self.table {
            try await World.with { world in
                let stage = try await Stage(world)
                let before = try #require(try await stage.newest())
                let done = try await act(stage)
                let entry = try #require(try await stage.newest())
                #expect(entry.id > before.id, "\(action)")
                #expect(entry.action == action)
                #expect(entry.actor == done.actor, "\(action)")
                #expect(entry.target == done.target, "\(action)")
            }
        }
    }

    @Test("knows of hooks that go out what it knows of those that come in, and nothing of their addresses' paths")
    func outgoingHooks() async throws {
        try await World.with { world in
            let stage = try await Stage(world)
            let made = try await stage.chat.createOutgoingHook(
                address: "https://example.com/a-secret-path", in: "lobby", by: stage.titania)
            _ = try await stage.chat.renewSecret(of: made.hook.id, in: "lobby", by: stage.titania)
            try await stage.chat.deleteOutgoingHook(made.hook.id, in: "lobby", by: stage.titania)
            let entries = try await stage.chat.audit(limit: 3, for: stage.admin)
            #expect(entries.map(\.action.rawValue) == ["hook.delete", "hook.renew", "hook.create"])
            #expect(entries.allSatisfy { $0.actor == "titania" && $0.target == "lobby" })
            #expect(entries.allSatisfy { !$0.details.contains("secret") })
        }
    }

    @Test("says who was the first to run the server")
    func setUp() async throws {
        try await World.with { world in
            let user = try await world.chat.register(
                username: "bottom", name: nil, password: "a good long password", email: nil, admission: .firstAdmin,
                from: Client())
            let bottom = try await world.authenticator.openBrowserSession(for: user).principal
            let entries = try await world.chat.audit(for: bottom)
            #expect(entries.map(\.action.rawValue) == ["server.set_up"])
            #expect(entries.map(\.actor) == ["bottom"])
            #expect(entries.map(\.target) == ["bottom"])
        }
    }

    @Test("names nobody where something is done at the command line")
    func operatorOfServer() async throws {
        try await World.with { world in
            let stage = try await Stage(world)
            let chat = stage.chat
            let address = try EmailAddress("puck@faerie.test")
            _ = try await chat.setRole(.guest, username: "puck", by: .operatorOfServer)
            _ = try await chat.setDisabled(true, username: "puck", by: .operatorOfServer)
            _ = try await chat.setDisabled(false, username: "puck", by: .operatorOfServer)
            _ = try await chat.suspend("puck", lasting: .days(1), by: .operatorOfServer)
            _ = try await chat.suspend("puck", lasting: nil, by: .operatorOfServer)
            _ = try await chat.setPassword("a good long password", username: "puck", by: .operatorOfServer)
            _ = try await chat.setEmail(address, username: "puck", by: .operatorOfServer)
            _ = try await chat.deleteUser(username: "puck", by: .operatorOfServer)
            let entries = try await chat.audit(limit: 8, for: stage.admin)
            let expected: [AuditEntry.Action] = [
                .deleteUser, .setEmail, .setPassword, .unsuspendUser, .suspendUser, .enableUser, .disableUser, .setRole,
            ]
            #expect(entries.map(\.action) == expected)
            #expect(entries.allSatisfy { $0.actor == nil && $0.target == "puck" })
            // It is for ever, and the address was Puck's own business.
            #expect(entries.allSatisfy { !$0.details.contains("faerie.test") })
        }
    }

    @Test("comes out whole and in order, page by page, however long it is")
    func pages() async throws {
        try await World.with { world in
            let admin = try await world.person("admin", role: .admin)
            try await DatabaseQueue(path: world.path).write { db in
                for number in 1...1200 {
                    try db.execute(
                        sql: "INSERT INTO audit (at, actor, action, target, details) VALUES (?, NULL, ?, ?, '')",
                        arguments: [number, "user.set_role", "\(number)"])
                }
            }
            // As /admin/audit.jsonl reads them.
            var found: [AuditEntry] = []
            while true {
                let entries = try await world.chat.audit(before: found.last?.id, limit: 500, for: admin)
                guard !entries.isEmpty else { break }
                found += entries
            }
            // The oldest is that the administrator became one.
            let expected = (1...1200).reversed().map { "\($0)" } + ["admin"]
            #expect(found.map(\.target) == expected)
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.id > $1.id })
            #expect(try await world.chat.audit(limit: 10_000, for: admin).count == 500)
        }
    }

    @Test("is for administrators alone", arguments: [Role.moderator, .member, .guest])
    func readers(role: Role) async throws {
        try await World.with { world in
            let somebody = try await world.person("somebody", role: role)
            await #expect(performing: { try await world.chat.audit(for: somebody) }, throws: isRefusal(.notAllowed))
        }
    }
}
