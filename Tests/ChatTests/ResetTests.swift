import Auth
import Model
import Storage
import Testing

@testable import Chat

@Suite("A lost password")
struct ResetTests {
    private func titania(_ world: World) async throws -> Principal {
        let principal = try await world.person("titania")
        _ = try await world.chat.setEmail(
            try EmailAddress("titania@faerie.test"), username: "titania", by: .operatorOfServer)
        return principal
    }

    @Test(
        "is replaced by a link, once; all sign-ins end, and the owner is told",
        arguments: ["titania", "Titania@faerie.test"])
    func reset(account: String) async throws {
        try await World.with { world in
            let before = try await titania(world)
            let underWay = try await world.authenticator.checkPassword(username: "titania", password: "faerie123")
            try world.chat.requestReset(of: account, from: Client())
            let token = try #require(await world.letterbox.takeSecret())
            for _ in 0..<3 { try await world.chat.checkReset(token) }
            await #expect(
                performing: { try await world.chat.resetPassword(token, to: "short") },
                throws: { ($0 as? ChatError)?.field == "password" })
            try await world.chat.resetPassword(token, to: "another good one")
            #expect(await world.letterbox.take() == ["password changed to titania@faerie.test of titania"])
            #expect(world.events.all == ["sessions [\(before.session.rawValue)] ended"])
            await #expect(
                performing: { try await world.authenticator.openBrowserSession(for: underWay) },
                throws: isRefusal(.sessionExpired))
            await #expect(
                performing: { try await world.authenticator.pendingUser(PendingSignIn(underWay)) },
                throws: isRefusal(.sessionExpired))
            await #expect(
                performing: { try await world.chat.resetPassword(token, to: "a third one") },
                throws: isRefusal(.resetInvalid))
            await #expect(
                performing: { try await world.chat.checkReset(token) }, throws: isRefusal(.resetInvalid))
            _ = try await world.authenticator.checkPassword(username: "titania", password: "another good one")
        }
    }

    @Test("lets its owner in by mail, however many others have guessed")
    func lock() async throws {
        try await World.with { world in
            _ = try await titania(world)
            for guess in 0..<20 {
                _ = try? await world.authenticator.checkPassword(username: "titania", password: "guess \(guess)")
            }
            await #expect(
                performing: { try await world.authenticator.checkPassword(username: "titania", password: "faerie123") },
                throws: isRefusal(.tooManyRequests))
            try world.chat.requestReset(of: "titania", from: Client())
            let token = try #require(await world.letterbox.takeSecret())
            try await world.chat.resetPassword(token, to: "another good one")
            _ = try await world.authenticator.checkPassword(username: "titania", password: "another good one")
        }
    }

    @Test("is no business of accounts that are not, have no address, or are disabled")
    func silent() async throws {
        try await World.with { world in
            let admin = try await world.person("admin", role: .admin)
            _ = try await titania(world)
            _ = try await world.person("moth")
            _ = try await world.chat.setDisabled(true, username: "titania", by: .person(admin))
            for account in ["nobody", "nobody@faerie.test", "moth", "titania", "titania@faerie.test"] {
                try world.chat.requestReset(of: account, from: Client())
            }
            #expect(await world.letterbox.take().isEmpty)
        }
    }

    @Test("is asked about in the same words and with the same work, whether or not there is such an account")
    func sameWork() async throws {
        try await World.with { world in
            _ = try await titania(world)
            for account in ["titania", "nobody"] {
                let before = world.hasher.count
                for _ in 0..<3 { try world.chat.requestReset(of: account, from: Client()) }
                #expect(world.hasher.count == before)
                let refusal = #expect(throws: ChatError.self) {
                    try world.chat.requestReset(of: account, from: Client())
                }
                #expect(refusal?.code == .tooManyRequests && refusal?.message.contains(account) == false)
            }
        }
    }

    @Test("Signing in and registering hash one password each, for known and unknown people")
    func sameHashes() async throws {
        try await World.with { world in
            _ = try await titania(world)
            func hashes(_ work: () async throws -> Void) async -> Int {
                let before = world.hasher.count
                try? await work()
                return world.hasher.count - before
            }
            for username in ["titania", "nobody"] {
                for password in ["a wrong one", String(repeating: "x", count: 2000)] {
                    let count = await hashes {
                        _ = try await world.authenticator.checkPassword(username: username, password: password)
                    }
                    #expect(count == 1)
                }
            }
            for (username, email) in [
                ("titania", nil), ("moth", nil), ("cobweb", "titania@faerie.test"), ("puck", "puck@faerie.test"),
            ] {
                let count = await hashes {
                    _ = try await world.chat.register(
                        username: username, name: nil, password: "a good password", email: email, admission: .open,
                        from: Client())
                }
                #expect(count == 1, "\(username)")
            }
        }
    }

    @Test("is asked for so many times from one network, and for one account")
    func rates() async throws {
        try await World.with { world in
            _ = try await titania(world)
            let client = Client(address: "203.0.113.7", network: "203.0.113.7/32")
            for number in 0..<20 { try world.chat.requestReset(of: "fairy\(number)", from: client) }
            let refusal = #expect(throws: ChatError.self) {
                try world.chat.requestReset(of: "titania", from: client)
            }
            #expect(refusal?.retryAfter != nil)
            // By another name it is the same account: nothing more is sent, and nothing is told.
            for _ in 0..<3 { try world.chat.requestReset(of: "titania", from: Client()) }
            for _ in 0..<3 { try world.chat.requestReset(of: "titania@faerie.test", from: Client()) }
            #expect(await world.letterbox.take().count == 3)
        }
    }

    @Test(
        "is not found by what is no account's name",
        arguments: ["", " ", "a@", "@b", "a\r\nBcc: b@c.test", String(repeating: "x", count: 300)])
    func malformed(account: String) async throws {
        try await World.with { world in
            do throws(ChatError) {
                try world.chat.requestReset(of: account, from: Client())
            } catch {
                #expect(error.field == "account")
            }
            #expect(await world.letterbox.take().isEmpty)
        }
    }
}
