import Foundation
import Model
import Storage
import Testing

@Suite("The contract of access-token stores")
struct TokenStoreContract {
    private func new(_ user: User, _ number: UInt8 = 1, scopes: Set<Scope> = [.roomsRead, .messagesRead]) -> NewToken {
        NewToken(
            user: user.id, hash: Data(repeating: number, count: 32), name: "token \(number)", scopes: scopes,
            createdAt: Timestamp(milliseconds: 1000), expiresAt: .now + .days(1))
    }

    @Test("A token is found by its hash, with its scopes, until it is revoked", arguments: Backend.allCases)
    func kept(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, oberon) = (try await stores.makeUser("titania"), try await stores.makeUser("oberon"))
            let made = try await stores.tokens.create(new(titania), max: 5, audit: nil)
            #expect(made.name == "token 1" && made.lastUsedAt == nil && made.scopes == [.roomsRead, .messagesRead])
            let found = try #require(
                try await stores.sessions.session(withTokenHash: Data(repeating: 1, count: 32)))
            #expect(found.id == made.id && found.user.id == titania.id)
            #expect(found.grant == .token([.roomsRead, .messagesRead]))
            #expect(try await stores.tokens.tokens(of: titania.id) == [made])
            #expect(try await stores.tokens.tokens(of: oberon.id).isEmpty)
            #expect(try await !stores.tokens.revoke(made.id, of: oberon.id, audit: nil))
            #expect(try await stores.tokens.revoke(made.id, of: titania.id, audit: nil))
            #expect(try await !stores.tokens.revoke(made.id, of: titania.id, audit: nil))
            #expect(try await stores.sessions.session(made.id)?.isEnded == true)
            #expect(try await stores.tokens.tokens(of: titania.id).isEmpty)
        }
    }

    @Test("Signing out and a changed password leave tokens, unless they are to end", arguments: Backend.allCases)
    func survives(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            let token = try await stores.tokens.create(new(user), max: 5, audit: nil)
            #expect(try await stores.sessions.sessions(of: user.id, now: .now).isEmpty)
            #expect(try await stores.sessions.endAll(of: user.id, but: nil).isEmpty)
            let kept = try await stores.users.setPasswordHash(
                "new", of: user.id, keeping: nil, endingTokens: false, audit: nil)
            #expect(kept == [])
            let ended = try await stores.users.setPasswordHash(
                "newer", of: user.id, keeping: nil, endingTokens: true, audit: nil)
            #expect(ended == [token.id])
        }
    }

    @Test("A disabled account's tokens have ended for good", arguments: Backend.allCases)
    func disabled(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            let token = try await stores.tokens.create(new(user), max: 5, audit: nil)
            for (isDisabled, action) in [(true, AuditEntry.Action.disableUser), (false, .enableUser)] {
                _ = try await stores.users.setDisabled(
                    isDisabled, of: user.id, audit: NewAuditEntry(action, "titania", by: nil))
            }
            #expect(try await stores.sessions.session(token.id)?.isEnded == true)
        }
    }

    @Test("There are no more than the limit says", arguments: Backend.allCases)
    func limit(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            let first = try await stores.tokens.create(new(user, 1), max: 2, audit: nil)
            _ = try await stores.tokens.create(new(user, 2), max: 2, audit: nil)
            await #expect(throws: ChatError.self) { try await stores.tokens.create(new(user, 3), max: 2, audit: nil) }
            #expect(try await stores.tokens.revoke(first.id, of: user.id, audit: nil))
            _ = try await stores.tokens.create(new(user, 3), max: 2, audit: nil)
        }
    }
}
