import Auth
import Model
import Storage
import Testing

@testable import Chat

/// What acts for somebody else (tokens, bots, hooks, invitations) has no more power than they have now.
@Suite("Whoever acts for somebody")
struct BorrowedPowerTests {
    private func token(_ world: World, of principal: Principal, _ scopes: Set<Scope>) async throws -> MarkedToken {
        try await world.chat.createToken(
            name: "a program", scopes: scopes, days: 1, password: "faerie123", by: principal, from: Client()
        ).token
    }

    @Test("does nothing while they are suspended, and does it again afterwards")
    func suspended() async throws {
        try await World.with { world in
            let admin = try await world.person("admin", role: .admin)
            let owner = try await world.person("oberon", role: .admin)
            _ = try await world.chat.createRoom(name: "Lobby", by: owner)
            let mine = try await token(world, of: owner, [.accountRead])
            _ = try await world.chat.createBot(username: "peter", name: "Peter", by: owner)
            let bots = try await world.chat.createToken(
                forBot: "peter", name: "a program", scopes: [.accountRead], days: 1, password: "faerie123", by: owner,
                from: Client()
            ).token
            let (secret, hook) = try await world.chat.createIncomingHook(name: "CI", in: "lobby", by: owner)
            let link = try await world.chat.createInvitation(days: 1, usesMax: 5, role: .member, by: owner)
            func usable() async -> [Bool] {
                let chat = world.chat
                return [
                    (try? await world.authenticator.principal(accessToken: mine.text)) != nil,
                    (try? await world.authenticator.principal(accessToken: bots.text)) != nil,
                    (try? await chat.write("hi", username: nil, clientId: nil, byHook: hook.id, token: secret.text))
                        != nil,
                    (try? await chat.invitation(link.token)) != nil,
                ]
            }
            #expect(await usable() == [true, true, true, true])
            _ = try await world.chat.suspend("oberon", lasting: .days(1), by: .person(admin))
            #expect(await usable() == [false, false, false, false])
            _ = try await world.chat.suspend("oberon", lasting: nil, by: .person(admin))
            #expect(await usable() == [true, true, true, true])
        }
    }

    @Test("writes by hook only while who made it is in the room")
    func left() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            _ = try await world.chat.createRoom(name: "Wood", by: titania)
            let (secret, hook) = try await world.chat.createIncomingHook(name: "CI", in: "wood", by: titania)
            try await world.chat.leaveRoom("wood", by: titania)
            await #expect(
                performing: {
                    try await world.chat.write(
                        "hi", username: nil, clientId: nil, byHook: hook.id, token: secret.text)
                }, throws: isRefusal(.hookNotFound))
        }
    }

    @Test("takes away what others wrote only with the scope for that")
    func removal() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            let puck = try await world.person("puck")
            _ = try await world.chat.createRoom(name: "Lobby", by: titania)
            _ = try await world.chat.joinRoom("lobby", by: puck)
            let (theirs, own) = (
                try await world.say("rude", in: "lobby", as: puck),
                try await world.say("mine", in: "lobby", as: titania)
            )
            let writer = try await world.authenticator.principal(
                accessToken: token(world, of: titania, [.messagesWrite]).text)
            await #expect(
                performing: { try await world.chat.removeMessage(theirs, in: "lobby", by: writer) },
                throws: isRefusal(.scopeMissing))
            try await world.chat.removeMessage(own, in: "lobby", by: writer)
            let keeper = try await world.authenticator.principal(
                accessToken: token(world, of: titania, [.messagesWrite, .roomsModerate]).text)
            try await world.chat.removeMessage(theirs, in: "lobby", by: keeper)
        }
    }

    @Test("is not made by people who have yet to verify an address")
    func unverified() async throws {
        var limits = Limits()
        limits.membersMakeBots = true
        try await World.with(limits: limits, needsEmail: true) { world in
            let user = try await world.chat.register(
                username: "titania", name: nil, password: "faerie123", email: "titania@faerie.test", admission: .open,
                from: Client())
            let titania = try await world.authenticator.openBrowserSession(for: user).principal
            await #expect(
                performing: { try await world.chat.createBot(username: "peter", name: "", by: titania) },
                throws: isRefusal(.emailUnverified))
            await #expect(
                performing: { _ = try await token(world, of: titania, [.messagesWrite]) },
                throws: isRefusal(.emailUnverified))
        }
    }

    @Test("stays disabled where an administrator disabled it, and is enabled by its owner where the owner did")
    func disabledBots() async throws {
        var limits = Limits()
        limits.membersMakeBots = true
        try await World.with(limits: limits) { world in
            let admin = try await world.person("admin", role: .admin)
            let puck = try await world.person("puck")
            _ = try await world.chat.createBot(username: "peter", name: "", by: puck)
            try await world.chat.setBotDisabled(true, username: "peter", by: puck)
            try await world.chat.setBotDisabled(false, username: "peter", by: puck)
            _ = try await world.chat.setDisabled(true, username: "peter", by: .person(admin))
            await #expect(
                performing: { try await world.chat.setBotDisabled(false, username: "peter", by: puck) },
                throws: isRefusal(.notAllowed))
            try await world.chat.setBotDisabled(false, username: "peter", by: admin)
            let guest = puck.with(.guest)
            await #expect(
                performing: {
                    try await world.chat.createToken(
                        forBot: "peter", name: "t", scopes: [.accountRead], days: 1, password: "faerie123", by: guest,
                        from: Client())
                }, throws: isRefusal(.notAllowed))
        }
    }
}
