import Auth
import Model
import Storage
import Testing

@testable import Chat

@Suite("Addresses of accounts")
struct EmailTests {
    private let password = "faerie123"

    private func join(_ world: World, _ username: String, _ email: String?) async throws -> Principal {
        let user = try await world.chat.register(
            username: username, name: nil, password: password, email: email, admission: .open, from: Client())
        return try await world.authenticator.openBrowserSession(for: user).principal
    }

    private func verified(_ world: World, _ username: String, _ email: String) async throws -> Principal {
        let principal = try await join(world, username, email)
        try await world.chat.verifyEmail(try #require(await world.letterbox.takeSecret()), by: principal)
        #expect(await world.letterbox.take() == ["welcome to \(email) of \(username)"])
        return try await world.authenticator.principal(principal.session)
    }

    @Test("Whoever has not verified one where that is needed does nothing but that, and administers")
    func unverified() async throws {
        try await World.with(needsEmail: true) { world in
            let titania = try await join(world, "titania", "titania@faerie.test")
            for permission in Permission.allCases {
                #expect(throws: ChatError.self) { try titania.require(permission) }
            }
            await #expect(
                performing: { try await world.say("hello", in: "lobby", as: titania) },
                throws: isRefusal(.emailUnverified))
            await #expect(
                performing: { try await world.chat.createRoom(name: "Lobby", by: titania) },
                throws: isRefusal(.emailUnverified))
            try await world.chat.verifyEmail(try #require(await world.letterbox.takeSecret()), by: titania)
            let now = try await world.authenticator.principal(titania.session)
            _ = try await world.chat.createRoom(name: "Lobby", by: now)
            let admin = try await world.person("admin", role: .admin)
            _ = try await world.chat.allUsers(for: admin)
            #expect(throws: ChatError.self) { try admin.require(.chat) }
        }
    }

    @Test("An account is made without one only where none is needed, and of the right domain where there are some")
    func registration() async throws {
        try await World.with(needsEmail: true, domains: ["faerie.test"]) { world in
            for address in [nil, "titania", "titania@elsewhere.test", "titania@sub.faerie.test"] {
                await #expect(
                    performing: { try await join(world, "titania", address) },
                    throws: { ($0 as? ChatError)?.field == "email" })
            }
            let titania = try await join(world, "titania", "titania@Faerie.test")
            // A claim is no proof: by it nobody gets to another domain.
            await #expect(
                performing: {
                    try await world.chat.claimEmail(
                        "puck@elsewhere.test", password: password, by: titania, client: Client())
                }, throws: { ($0 as? ChatError)?.field == "email" })
        }
    }

    @Test("Who says that somebody's address is theirs learns nothing, and its owner is told")
    func enumeration() async throws {
        try await World.with { world in
            _ = try await verified(world, "titania", "titania@faerie.test")
            let puck = try await join(world, "puck", "Titania@faerie.test")
            #expect(await world.letterbox.take() == ["address in use to Titania@faerie.test of titania"])
            let moth = try await join(world, "moth", "moth@faerie.test")
            #expect(await world.letterbox.take() == ["code to moth@faerie.test of moth"])
            let (one, other) = (try await world.chat.email(of: puck), try await world.chat.email(of: moth))
            #expect(one.verified == nil && other.verified == nil && one.claim?.tries == other.claim?.tries)
            for principal in [puck, moth] {
                await #expect(
                    performing: { try await world.chat.verifyEmail("12345", by: principal) },
                    throws: isRefusal(.emailCodeWrong))
            }
        }
    }

    @Test("A code works once, for five tries, and not after another was sent")
    func codes() async throws {
        try await World.with { world in
            let titania = try await join(world, "titania", "titania@faerie.test")
            let first = try #require(await world.letterbox.takeSecret())
            try await world.chat.resendEmailCode(by: titania)
            let second = try #require(await world.letterbox.takeSecret())
            if first != second {
                await #expect(
                    performing: { try await world.chat.verifyEmail(first, by: titania) },
                    throws: isRefusal(.emailCodeWrong))
            }
            for _ in 0..<4 { _ = try? await world.chat.verifyEmail("x", by: titania) }
            if first != second {
                await #expect(
                    performing: { try await world.chat.verifyEmail(second, by: titania) },
                    throws: isRefusal(.emailCodeExpired))
            }
            try await world.chat.resendEmailCode(by: titania)
            let third = try #require(await world.letterbox.takeSecret())
            try await world.chat.verifyEmail("\(third.prefix(3)) \(third.suffix(3))", by: titania)
            await #expect(
                performing: { try await world.chat.verifyEmail(third, by: titania) },
                throws: isRefusal(.emailCodeExpired))
            await #expect(
                performing: { try await world.chat.resendEmailCode(by: titania) }, throws: isRefusal(.emailCodeExpired))
        }
    }

    @Test("So many codes are sent to one person, and to one address whoever asks")
    func rate() async throws {
        try await World.with { world in
            let titania = try await join(world, "titania", "victim@faerie.test")
            for _ in 0..<4 { try await world.chat.resendEmailCode(by: titania) }
            for attempt in [
                { try await world.chat.resendEmailCode(by: titania) },
                { _ = try await join(world, "puck", "Victim@faerie.test") },
            ] as [() async throws -> Void] {
                do {
                    try await attempt()
                    Issue.record("one more code was sent")
                } catch let error as ChatError {
                    #expect(error.code == .tooManyRequests && error.retryAfter != nil)
                }
            }
            #expect(await world.letterbox.take().count == 5)
        }
    }

    @Test("Another address counts once it is verified, and the one before is told")
    func change() async throws {
        try await World.with { world in
            let titania = try await verified(world, "titania", "old@faerie.test")
            await #expect(
                performing: {
                    try await world.chat.claimEmail(
                        "new@faerie.test", password: "wrong", by: titania, client: Client())
                }, throws: { ($0 as? ChatError)?.field == "password" })
            try await world.chat.claimEmail("new@faerie.test", password: password, by: titania, client: Client())
            #expect(try await world.chat.email(of: titania).verified?.description == "old@faerie.test")
            try await world.chat.verifyEmail(try #require(await world.letterbox.takeSecret()), by: titania)
            #expect(await world.letterbox.take() == ["address changed to old@faerie.test of titania"])
            #expect(try await world.chat.email(of: titania).verified?.description == "new@faerie.test")
            try await world.chat.removeEmail(password: password, by: titania, client: Client())
            #expect(await world.letterbox.take() == ["address removed to new@faerie.test of titania"])
            #expect(try await world.chat.email(of: titania) == AccountEmail())
        }
    }

    @Test("Where everybody needs one, nobody takes theirs away")
    func needed() async throws {
        try await World.with(needsEmail: true) { world in
            let titania = try await verified(world, "titania", "titania@faerie.test")
            await #expect(
                performing: { try await world.chat.removeEmail(password: password, by: titania, client: Client()) },
                throws: isRefusal(.notAllowed))
        }
    }
}
