import Auth
import Model
import Storage
import Testing

@testable import Chat

@Suite struct SignInAgeTests {
    private func over() -> Authenticator.Lifetimes {
        var lifetimes = Authenticator.Lifetimes()
        lifetimes.signInMax = Seconds(0)
        return lifetimes
    }

    @Test func `A sign-in that is used ends all the same when its longest time is over`() async throws {
        try await World.with(lifetimes: over()) { world in
            let user = try await world.person("titania").user
            let found = try #require(try await world.chat.stores.users.user(user))
            let browser = try await world.authenticator.openBrowserSession(for: found)
            await #expect { _ = try await world.authenticator.principal(cookie: browser.token.text) } throws: {
                ($0 as? ChatError)?.code == .sessionExpired
            }
            let pair = try await world.authenticator.openAPISession(for: found)
            await #expect { _ = try await world.authenticator.principal(accessToken: pair.access) } throws: {
                ($0 as? ChatError)?.code == .sessionExpired
            }
            await #expect { _ = try await world.authenticator.refresh(pair.refresh, onReuse: { _ in }) } throws: {
                ($0 as? ChatError)?.code == .tokenExpired
            }
        }
    }

    @Test func `Before that it goes on, and tokens made for programs have an end of their own`() async throws {
        try await World.with { world in
            let user = try await world.person("titania").user
            let found = try #require(try await world.chat.stores.users.user(user))
            let browser = try await world.authenticator.openBrowserSession(for: found)
            #expect(try await world.authenticator.principal(cookie: browser.token.text).principal.user == user)
            let pair = try await world.authenticator.openAPISession(for: found)
            let next = try await world.authenticator.refresh(pair.refresh, onReuse: { _ in })
            #expect(try await world.authenticator.principal(accessToken: next.access).user == user)
        }
        try await World.with(lifetimes: over()) { world in
            let user = try await world.person("titania").user
            let made = try await world.authenticator.makeToken(
                for: user, name: "A program", scopes: [], lasting: .days(1))
            #expect(try await world.authenticator.principal(accessToken: made.token.text).user == user)
        }
    }
}
