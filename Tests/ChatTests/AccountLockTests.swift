import Auth
import Model
import Testing

@testable import Chat

@Suite("Locks on accounts")
struct AccountLockTests {
    private let home = Client(address: "198.51.100.1", network: "198.51.100.1")
    private let office = Client(address: "203.0.113.9", network: "203.0.113.9")
    private let nowhere = Client(address: "192.0.2.7", network: "192.0.2.7")

    @Test("keep out strangers also where others are signed in from, and not the person themselves at home")
    func strangers() async throws {
        try await World.with { world in
            let authenticator = world.authenticator
            for (username, client) in [("alice", home), ("eve", office)] {
                let user = try await authenticator.register(username: username, name: nil, password: "faerie123")
                _ = try await authenticator.openBrowserSession(for: user, from: client)
            }
            @Sendable func signIn(_ password: String, from client: Client) async throws {
                _ = try await authenticator.checkPassword(username: "Alice", password: password, from: client)
            }
            for number in 0..<Limits().accountTriesMax {
                await #expect(
                    performing: { try await signIn("guess \(number)", from: office) },
                    throws: isRefusal(.wrongPassword))
            }
            for client in [office, nowhere] {
                await #expect(
                    performing: { try await signIn("faerie123", from: client) }, throws: isRefusal(.tooManyRequests))
            }
            try await signIn("faerie123", from: home)
        }
    }

    @Test("are the same for names that are nobody's, wherever others are signed in from")
    func nobody() async throws {
        try await World.with { world in
            let authenticator = world.authenticator
            let eve = try await authenticator.register(username: "eve", name: nil, password: "faerie123")
            _ = try await authenticator.openBrowserSession(for: eve, from: office)
            @Sendable func guess(_ number: Int) async throws {
                _ = try await authenticator.checkPassword(
                    username: "nobody", password: "guess \(number)", from: office)
            }
            let triesMax = Limits().accountTriesMax
            for number in 0..<triesMax {
                await #expect(performing: { try await guess(number) }, throws: isRefusal(.wrongPassword))
            }
            await #expect(performing: { try await guess(triesMax) }, throws: isRefusal(.tooManyRequests))
        }
    }
}
