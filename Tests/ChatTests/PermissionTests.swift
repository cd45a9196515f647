import Auth
import Model
import Storage
import Testing

@testable import Chat

@Suite("What roles allow")
struct PermissionTests {
    /// Everything that asks for a permission, and which.
    private static let guarded: [(String, Permission, @Sendable (Chat, Principal) async throws -> Void)] = [
        ("list accounts", .administer, { _ = try await $0.allUsers(for: $1) }),
        ("read the audit log", .administer, { _ = try await $0.audit(for: $1) }),
        ("change a role", .administer, { _ = try await $0.setRole(.guest, username: "puck", by: .person($1)) }),
        ("disable somebody", .administer, { _ = try await $0.setDisabled(true, username: "puck", by: .person($1)) }),
        (
            "set a password", .administer,
            { _ = try await $0.setPassword("a new password", username: "puck", by: .person($1)) }
        ),
        ("delete somebody", .administer, { _ = try await $0.deleteUser(username: "puck", by: .person($1)) }),
        (
            "take a second factor off", .administer,
            { _ = try await $0.removeSecondFactor(username: "puck", by: .person($1)) }
        ),
        ("see addresses", .administer, { _ = try await $0.allEmails(for: $1) }),
        (
            "set an address", .administer,
            { _ = try await $0.setEmail(try EmailAddress("p@faerie.test"), username: "puck", by: .person($1)) }
        ),
        (
            "suspend somebody", .moderate,
            { _ = try await $0.suspend("puck", lasting: Seconds(60), by: .person($1)) }
        ),
        ("list all rooms", .moderate, { _ = try await $0.allRooms(for: $1) }),
        ("list invitations", .invitePeople, { _ = try await $0.invitations(for: $1) }),
        (
            "make an invitation", .invitePeople,
            { _ = try await $0.createInvitation(days: 1, usesMax: 1, role: .member, by: $1) }
        ),
        (
            "invite a moderator", .administer,
            { _ = try await $0.createInvitation(days: 1, usesMax: 1, role: .moderator, by: $1) }
        ),
        ("make a room", .createRooms, { _ = try await $0.createRoom(name: "Wood", by: $1) }),
        ("join a room", .joinRooms, { _ = try await $0.joinRoom("lobby", by: $1) }),
        ("look for people", .findPeople, { _ = try await $0.people(matching: "p", for: $1) }),
        (
            "bring somebody into a room", .findPeople,
            { chat, principal in
                do {
                    try await chat.invite("puck", to: "lobby", by: principal)
                } catch let error as ChatError where error.code == .notAMember {
                    // Asked for the permission first, and then for the room.
                }
            }
        ),
        ("write to somebody", .findPeople, { _ = try await $0.openDirectRoom(with: ["puck"], by: $1) }),
    ]

    @Test("are asked for by every command that needs one, of every role", arguments: Role.allCases)
    func everyRole(role: Role) async throws {
        for (what, permission, act) in Self.guarded {
            try await World.with { world in
                let admin = try await world.person("somebody", role: .admin)
                _ = try await world.person("puck")
                _ = try await world.chat.createRoom(name: "Lobby", by: admin)
                let principal = try await world.person("titania", role: role)
                let isAllowed = role.permissions.contains(permission)
                do {
                    try await act(world.chat, principal)
                    #expect(isAllowed, "a \(role) may not \(what)")
                } catch let error as ChatError {
                    #expect(error.code == .notAllowed && !isAllowed, "a \(role) may \(what): \(error)")
                }
            }
        }
    }

    @Test("rise from guest to administrator, and only administrators administer")
    func order() {
        let order = [Role.guest, .member, .moderator, .admin]
        for (lower, higher) in zip(order, order.dropFirst()) {
            #expect(lower.permissions.isStrictSubset(of: higher.permissions))
        }
        #expect(Role.allCases.filter { $0.permissions.contains(.administer) } == [.admin])
        #expect(Role.admin.permissions == Set(Permission.allCases))
    }

    @Test("let guests see the rooms that they were brought into, and no others")
    func guests() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            _ = try await world.chat.createRoom(name: "Lobby", by: titania)
            _ = try await world.chat.createRoom(name: "Court", by: titania)
            let guest = try await world.person("moth", role: .guest)
            #expect(try await world.chat.rooms(for: guest).isEmpty)
            await #expect(
                performing: { try await world.chat.room("lobby", for: guest) }, throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await world.say("who is here?", in: "lobby", as: guest) },
                throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await world.chat.markRead("lobby", seq: 1, by: guest) },
                throws: isRefusal(.roomNotFound))
            try await world.chat.invite("moth", to: "lobby", by: titania)
            #expect(try await world.chat.rooms(for: guest).map(\.slug) == ["lobby"])
            _ = try await world.say("good evening", in: "lobby", as: guest)
        }
    }

    @Test("let moderators see and take back their own invitations, and no others'")
    func ownInvitations() async throws {
        try await World.with { world in
            let admin = try await world.person("admin", role: .admin)
            let moderator = try await world.person("titania", role: .moderator)
            let (_, others) = try await world.chat.createInvitation(days: 1, usesMax: 1, role: .member, by: admin)
            let (_, own) = try await world.chat.createInvitation(days: 1, usesMax: 1, role: .guest, by: moderator)
            #expect(try await world.chat.invitations(for: moderator).map(\.id) == [own.id])
            #expect(try await world.chat.invitations(for: admin).count == 2)
            await #expect(
                performing: { try await world.chat.revokeInvitation(others.id, by: moderator) },
                throws: isRefusal(.invitationNotFound))
            try await world.chat.revokeInvitation(own.id, by: admin)
        }
    }

    @Test("do not let anybody end another's sign-in")
    func sessions() async throws {
        try await World.with { world in
            let (titania, puck) = (try await world.person("titania"), try await world.person("puck"))
            await #expect(
                performing: { try await world.chat.endSession(titania.session, by: puck) },
                throws: isRefusal(.sessionNotFound))
            try await world.chat.endSession(puck.session, by: puck)
        }
    }

    @Test("Nobody holds up somebody's session by a username that looks like it")
    func guessedSession() async throws {
        try await World.with { world in
            let here = try await world.person("titania")
            for guess in 0..<20 {
                _ = try? await world.authenticator.checkPassword(
                    username: "session \(here.session.rawValue)", password: "guess \(guess)")
            }
            try await world.chat.changePassword(from: "faerie123", to: "a new password", by: here, client: Client())
        }
    }

    @Test("A changed password ends all other sign-ins, and needs the one before")
    func password() async throws {
        try await World.with { world in
            let here = try await world.person("titania")
            let user = try await world.authenticator.checkPassword(username: "titania", password: "faerie123")
            let elsewhere = try await world.authenticator.openBrowserSession(for: user).principal
            await #expect(
                performing: {
                    try await world.chat.changePassword(
                        from: "wrong", to: "a new password", by: here, client: Client())
                }, throws: { ($0 as? ChatError)?.field == "current" })
            try await world.chat.changePassword(from: "faerie123", to: "a new password", by: here, client: Client())
            _ = try await world.authenticator.principal(here.session)
            await #expect(
                performing: { try await world.authenticator.principal(elsewhere.session) },
                throws: isRefusal(.sessionEnded))
            _ = try await world.authenticator.checkPassword(username: "titania", password: "a new password")
        }
    }
}
