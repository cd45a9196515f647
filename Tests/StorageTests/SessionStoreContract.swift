import Foundation
import Model
import Storage
import Testing

@Suite("The contract of session stores")
struct SessionStoreContract {
    private let now = Timestamp.now
    private func hash(_ number: UInt8) -> Data { Data(repeating: number, count: 32) }

    private func refreshToken(_ number: UInt8, lasting seconds: Int64 = 60) -> NewRefreshToken {
        NewRefreshToken(hash: hash(number), createdAt: now, expiresAt: now + Seconds(seconds))
    }

    private func session(of user: User, _ number: UInt8?) -> NewSession {
        NewSession(
            user: user.id, kind: number == nil ? .api : .browser, tokenHash: number.map(hash), createdAt: now,
            expiresAt: now + Seconds(3600))
    }

    @Test("A session is found by its number and by its token's hash, until it ends", arguments: Backend.allCases)
    func found(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            let id = try await stores.sessions.create(session(of: user, 1), refreshToken: nil)
            #expect(try await stores.sessions.session(withTokenHash: hash(1))?.id == id)
            #expect(try await stores.sessions.session(id)?.user == user)
            #expect(try await stores.sessions.session(withTokenHash: hash(2)) == nil)
            #expect(try await stores.sessions.end(id))
            #expect(try await stores.sessions.session(id)?.isEnded == true)
            #expect(try await !stores.sessions.end(id))
        }
    }

    @Test("A refresh token works once, and its replacement goes on in the same session", arguments: Backend.allCases)
    func rotation(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            let id = try await stores.sessions.create(session(of: user, nil), refreshToken: refreshToken(1))
            for number in UInt8(1)...3 {
                let outcome = try await stores.sessions.rotate(
                    refreshToken: hash(number), replacement: refreshToken(number + 1), now: now)
                guard case .rotated(let session) = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
                #expect(session.id == id)
            }
        }
    }

    @Test("A refresh token shown twice ends its session for whoever holds the newest", arguments: Backend.allCases)
    func reuse(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            let id = try await stores.sessions.create(session(of: user, nil), refreshToken: refreshToken(1))
            _ = try await stores.sessions.rotate(refreshToken: hash(1), replacement: refreshToken(2), now: now)
            let again = try await stores.sessions.rotate(
                refreshToken: hash(1), replacement: refreshToken(3), now: now)
            guard case .reused(id) = again else {
                Issue.record("\(again)")
                return
            }
            #expect(try await stores.sessions.session(id)?.isEnded == true)
            let newest = try await stores.sessions.rotate(
                refreshToken: hash(2), replacement: refreshToken(4), now: now)
            guard case .expired = newest else {
                Issue.record("\(newest)")
                return
            }
        }
    }

    @Test("An expired or unknown refresh token gives nothing", arguments: Backend.allCases)
    func expired(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            _ = try await stores.sessions.create(
                session(of: user, nil), refreshToken: refreshToken(1, lasting: -1))
            let old = try await stores.sessions.rotate(refreshToken: hash(1), replacement: refreshToken(2), now: now)
            guard case .expired = old else {
                Issue.record("\(old)")
                return
            }
            let unknown = try await stores.sessions.rotate(
                refreshToken: hash(9), replacement: refreshToken(3), now: now)
            guard case .unknown = unknown else {
                Issue.record("\(unknown)")
                return
            }
        }
    }

    @Test("All sessions of a person end together, and nobody else's", arguments: Backend.allCases)
    func endAll(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, oberon) = (try await stores.makeUser("titania"), try await stores.makeUser("oberon"))
            let mine = [
                try await stores.sessions.create(session(of: titania, 1), refreshToken: nil),
                try await stores.sessions.create(session(of: titania, 2), refreshToken: nil),
            ]
            let other = try await stores.sessions.create(session(of: oberon, 3), refreshToken: nil)
            #expect(try await stores.sessions.endAll(of: titania.id, but: mine[1]) == [mine[0]])
            #expect(try await stores.sessions.endAll(of: titania.id, but: nil) == [mine[1]])
            #expect(try await stores.sessions.endAll(of: titania.id, but: nil).isEmpty)
            #expect(try await stores.sessions.session(other)?.isEnded == false)
        }
    }

    @Test("What ended or expired long ago is forgotten", arguments: Backend.allCases)
    func prune(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            let open = try await stores.sessions.create(session(of: user, 1), refreshToken: nil)
            let ended = try await stores.sessions.create(session(of: user, 2), refreshToken: nil)
            _ = try await stores.sessions.end(ended)
            try await stores.sessions.prune(before: .now + Seconds(1))
            #expect(try await stores.sessions.session(open) != nil)
            #expect(try await stores.sessions.session(ended) == nil)
        }
    }

    @Test("A session can be moved on, never back", arguments: Backend.allCases)
    func extend(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            let id = try await stores.sessions.create(session(of: user, 1), refreshToken: nil)
            try await stores.sessions.extend(id, until: now + Seconds(7200), at: now, from: nil)
            try await stores.sessions.extend(id, until: now + Seconds(60), at: now, from: nil)
            #expect(try await stores.sessions.session(id)?.expiresAt == now + Seconds(7200))
        }
    }

    @Test(
        "A person's open sessions are listed with where they were used last, the latest first",
        arguments: Backend.allCases)
    func listed(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, oberon) = (try await stores.makeUser("titania"), try await stores.makeUser("oberon"))
            let old = try await stores.sessions.create(session(of: titania, 1), refreshToken: nil)
            let new = try await stores.sessions.create(session(of: titania, nil), refreshToken: refreshToken(1))
            let ended = try await stores.sessions.create(session(of: titania, 2), refreshToken: nil)
            _ = try await stores.sessions.end(ended)
            _ = try await stores.sessions.create(session(of: oberon, 3), refreshToken: nil)
            let client = Client(address: "2001:db8::1", network: "2001:db8::/64", userAgent: "Firefox")
            try await stores.sessions.extend(old, until: now + Seconds(3600), at: now + Seconds(5), from: client)
            let list = try await stores.sessions.sessions(of: titania.id, now: now)
            #expect(list.map(\.id) == [old, new] && list.map(\.kind) == [.browser, .api])
            #expect(list[0].address == "2001:db8::1" && list[0].userAgent == "Firefox")
            #expect(list[0].lastUsedAt == now + Seconds(5) && list[1].lastUsedAt == now)
            #expect(try await stores.sessions.sessions(of: titania.id, now: now + Seconds(3600)).isEmpty)
            #expect(try await stores.sessions.isKnown(network: "2001:db8::/64", of: "titania"))
            #expect(try await !stores.sessions.isKnown(network: "203.0.113.9", of: "titania"))
            for stranger in ["oberon", "nobody"] {
                #expect(try await !stores.sessions.isKnown(network: "2001:db8::/64", of: stranger))
            }
            // What is not known anew stays known.
            try await stores.sessions.extend(old, until: now, at: now + Seconds(9), from: nil)
            #expect(try await stores.sessions.sessions(of: titania.id, now: now)[0].address == "2001:db8::1")
        }
    }
}
