import Foundation
import Model
import Storage
import Testing

@Suite("The contract of stores for sign-ins with providers")
struct ProviderStoreContract {
    private let moth = NewIdentity(issuer: "https://id.example", subject: "moth", email: "moth@example.org")
    private let added = NewAuditEntry(.addProvider, "titania", by: "titania")
    private let removed = NewAuditEntry(.removeProvider, "titania", by: "titania")
    private let now = Timestamp(milliseconds: 1_000_000)

    private func newcomer(_ username: String, _ identity: NewIdentity) -> NewUser {
        NewUser(username: username, name: username, role: .member, passwordHash: "", identity: identity)
    }

    @Test("An account comes with its identity in one commit, and without a password", arguments: Backend.allCases)
    func created(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.users.create(newcomer("moth", moth))
            #expect(!user.hasPassword)
            #expect(try await stores.identities.owner(issuer: moth.issuer, subject: moth.subject) == user.id)
            #expect(try await stores.identities.owner(issuer: moth.issuer, subject: "MOTH") == nil)
            #expect(try await stores.users.credentials(ofUserNamed: "moth")?.passwordHash == nil)
            await #expect(
                performing: { _ = try await stores.users.create(newcomer("moth2", moth)) },
                throws: isRefusal(.identityTaken))
            #expect(try await stores.users.user(named: "moth2") == nil)
        }
    }

    @Test("An identity is one account's, and the last way in stays", arguments: Backend.allCases)
    func ownership(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, moth) = (
                try await stores.makeUser("titania"), try await stores.users.create(newcomer("moth", moth))
            )
            let other = NewIdentity(issuer: "https://other.example", subject: "moth", email: nil)
            try await stores.identities.add(other, to: titania.id, audit: added)
            try await stores.identities.add(other, to: titania.id, audit: added)
            await #expect(
                performing: { try await stores.identities.add(self.moth, to: titania.id, audit: added) },
                throws: isRefusal(.identityTaken))
            let own = try #require(try await stores.identities.identities(of: titania.id).first)
            #expect(try await !stores.identities.remove(own.id, of: moth.id, audit: removed))
            #expect(try await stores.identities.remove(own.id, of: titania.id, audit: removed))
            let only = try #require(try await stores.identities.identities(of: moth.id).first)
            await #expect(
                performing: { _ = try await stores.identities.remove(only.id, of: moth.id, audit: removed) },
                throws: isRefusal(.lastWayIn))
            #expect(try await stores.identities.identities(of: moth.id).count == 1)
            #expect(try await stores.audit.entries(before: nil, limit: 9).count == 2)
        }
    }

    private func attempt(_ number: UInt8, lasting seconds: Int64 = 600) -> ProviderAttempt {
        ProviderAttempt(
            stateHash: Data([number]), provider: "club", nonce: "n", verifier: "v", browser: Data([1]),
            next: "/chat/lobby/", linking: nil, invitation: Data([3]), createdAt: now,
            expiresAt: now + Seconds(seconds))
    }

    @Test("Of many who take one attempt at once one gets it, whole", arguments: Backend.allCases)
    func taken(backend: Backend) async throws {
        try await backend.withStores { stores in
            try await stores.attempts.keep(attempt(1), countMax: 10)
            let firsts = await withTaskGroup(of: TakenProviderAttempt?.self) { group in
                for _ in 0..<20 {
                    group.addTask { try? await stores.attempts.take(stateHash: Data([1]), at: now) }
                }
                return await group.reduce(into: [TakenProviderAttempt?]()) { $0.append($1) }
            }
            #expect(firsts.filter { $0 == .first(attempt(1)) }.count == 1)
            #expect(firsts.filter { $0 == .again }.count == 19)
            #expect(try await stores.attempts.take(stateHash: Data([2]), at: now) == .unknown)
        }
    }

    @Test(
        "They are bounded in number, the oldest makes room, and expired ones are told apart until pruned",
        arguments: Backend.allCases)
    func bounded(backend: Backend) async throws {
        try await backend.withStores { stores in
            try await stores.attempts.keep(attempt(1, lasting: 0), countMax: 1)
            try await stores.attempts.keep(attempt(2, lasting: 500), countMax: 2)
            try await stores.attempts.keep(attempt(3, lasting: 501), countMax: 2)
            try await stores.attempts.keep(attempt(4), countMax: 2)
            #expect(try await stores.attempts.take(stateHash: Data([1]), at: now) == .first(attempt(1, lasting: 0)))
            try await stores.attempts.prune(before: now + Seconds(1))
            #expect(try await stores.attempts.take(stateHash: Data([1]), at: now) == .unknown)
            #expect(try await stores.attempts.take(stateHash: Data([2]), at: now) == .unknown)
            #expect(try await stores.attempts.take(stateHash: Data([3]), at: now) == .first(attempt(3, lasting: 501)))
            #expect(try await stores.attempts.take(stateHash: Data([4]), at: now) == .first(attempt(4)))
        }
    }
}
