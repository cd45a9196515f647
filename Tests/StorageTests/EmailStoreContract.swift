import Foundation
import Model
import Storage
import Testing

@Suite("The contract of address and reset stores")
struct EmailStoreContract {
    private let now = Timestamp.now
    private func hash(_ number: UInt8) -> Data { Data(repeating: number, count: 32) }
    private func address(_ text: String) throws -> EmailAddress { try EmailAddress(text) }

    private func claim(_ text: String, code: UInt8 = 1, lasting seconds: Int64 = 600) throws -> NewEmailClaim {
        NewEmailClaim(
            address: try address(text), codeHash: hash(code), createdAt: now, expiresAt: now + Seconds(seconds))
    }

    private func confirm(_ stores: Stores, _ text: String, code: UInt8, of user: User) async throws -> ClaimOutcome {
        try await stores.emails.confirm(
            try address(text), codeHash: hash(code), of: user.id, triesMax: 5, at: now)
    }

    @Test("An address is somebody's once they have shown it, and not before", arguments: Backend.allCases)
    func confirmed(backend: Backend) async throws {
        try await backend.withStores { stores in
            let titania = try await stores.makeUser("titania")
            #expect(try await stores.emails.email(of: titania.id) == AccountEmail())
            try await stores.emails.claim(try claim("Titania@Faerie.test"), of: titania.id)
            #expect(try await stores.emails.owner(of: try address("titania@faerie.test")) == nil)
            #expect(try await stores.users.user(titania.id)?.hasEmail == false)
            #expect(try await confirm(stores, "titania@faerie.test", code: 2, of: titania) == .wrong)
            #expect(try await stores.emails.email(of: titania.id).claim?.tries == 1)
            let outcome = try await confirm(stores, "titania@faerie.test", code: 1, of: titania)
            #expect(outcome == .verified(try address("titania@faerie.test"), before: nil))
            #expect(try await stores.emails.owner(of: try address("TITANIA@faerie.test"))?.id == titania.id)
            #expect(try await stores.users.user(named: "titania")?.hasEmail == true)
            #expect(try await stores.emails.email(of: titania.id).claim == nil)
            #expect(try await confirm(stores, "titania@faerie.test", code: 1, of: titania) == .none)
        }
    }

    @Test(
        "A code is over after its time, and after so many wrong ones, also for the right one",
        arguments: Backend.allCases)
    func limits(backend: Backend) async throws {
        try await backend.withStores { stores in
            let titania = try await stores.makeUser("titania")
            try await stores.emails.claim(try claim("t@faerie.test", lasting: 0), of: titania.id)
            #expect(try await confirm(stores, "t@faerie.test", code: 1, of: titania) == .expired)
            try await stores.emails.claim(try claim("t@faerie.test"), of: titania.id)
            let outcomes = await withTaskGroup(of: ClaimOutcome?.self) { group in
                for code in 2..<22 {
                    group.addTask { try? await confirm(stores, "t@faerie.test", code: UInt8(code), of: titania) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == .wrong } == 5 && outcomes.count { $0 == .expired } == 15)
            #expect(try await confirm(stores, "t@faerie.test", code: 1, of: titania) == .expired)
            try await stores.emails.claim(try claim("t@faerie.test", code: 9), of: titania.id)
            #expect(try await confirm(stores, "t@faerie.test", code: 1, of: titania) == .wrong, "of the claim before")
            #expect(try await confirm(stores, "other@faerie.test", code: 9, of: titania) == .wrong)
            #expect(
                try await confirm(stores, "t@faerie.test", code: 9, of: titania)
                    == .verified(try address("t@faerie.test"), before: nil))
        }
    }

    @Test("Many may claim an address; who shows it first has it, alone", arguments: Backend.allCases)
    func unique(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            for user in [titania, puck] { try await stores.emails.claim(try claim("t@faerie.test"), of: user.id) }
            _ = try await confirm(stores, "t@faerie.test", code: 1, of: titania)
            #expect(try await confirm(stores, "T@faerie.test", code: 1, of: puck) == .taken)
            await #expect(
                performing: {
                    try await stores.emails.setVerified(
                        try address("T@faerie.test"), of: puck.id, at: now, audit: nil)
                }, throws: isRefusal(.emailTaken))
            await #expect(
                performing: {
                    try await stores.users.create(
                        NewUser(
                            username: "moth", name: "Moth", role: .member, passwordHash: "x",
                            email: .verified(try address("t@faerie.test"))))
                }, throws: isRefusal(.emailTaken))
            #expect(try await stores.users.user(named: "moth") == nil)
            #expect(try await stores.emails.remove(of: titania.id, audit: nil) == (try address("t@faerie.test")))
            #expect(try await stores.emails.owner(of: try address("t@faerie.test")) == nil)
            let moth = try await stores.users.create(
                NewUser(
                    username: "moth", name: "Moth", role: .member, passwordHash: "x",
                    email: .verified(try address("t@faerie.test"))))
            #expect(moth.hasEmail)
        }
    }

    @Test("A new address replaces the one before only once it is shown", arguments: Backend.allCases)
    func changed(backend: Backend) async throws {
        try await backend.withStores { stores in
            let titania = try await stores.makeUser("titania")
            _ = try await stores.emails.setVerified(try address("old@faerie.test"), of: titania.id, at: now, audit: nil)
            try await stores.emails.claim(try claim("new@faerie.test"), of: titania.id)
            let both = try await stores.emails.email(of: titania.id)
            #expect(both.verified == (try address("old@faerie.test")))
            #expect(both.claim?.address == (try address("new@faerie.test")))
            #expect(try await stores.emails.allEmails() == [titania.id: both])
            #expect(
                try await confirm(stores, "new@faerie.test", code: 1, of: titania)
                    == .verified(try address("new@faerie.test"), before: try address("old@faerie.test")))
            let after = try await stores.emails.email(of: titania.id)
            #expect(after.verified == (try address("new@faerie.test")))
            #expect(after.claim == nil)
        }
    }

    @Test(
        "A link sets a password once, ends all sign-ins, and takes the other links with it", arguments: Backend.allCases
    )
    func reset(backend: Backend) async throws {
        try await backend.withStores { stores in
            let titania = try await stores.makeUser("titania")
            let session = try await stores.sessions.create(
                NewSession(
                    user: titania.id, kind: .browser, tokenHash: hash(9), createdAt: now, expiresAt: now + .days(1)),
                refreshToken: nil)
            for number in 1...3 {
                try await stores.resets.create(
                    tokenHash: hash(UInt8(number)), of: titania.id, at: now,
                    expiresAt: now + Seconds(number == 3 ? 0 : 3600))
            }
            #expect(try await stores.resets.owner(ofTokenHash: hash(1), at: now)?.id == titania.id)
            #expect(try await stores.resets.owner(ofTokenHash: hash(3), at: now) == nil)
            #expect(try await stores.resets.redeem(tokenHash: hash(3), passwordHash: "new", at: now) == nil)
            let done = await withTaskGroup(of: [SessionID]?.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        (try? await stores.resets.redeem(tokenHash: hash(1), passwordHash: "new", at: now))?.ended
                    }
                }
                return await group.reduce(into: [[SessionID]]()) { if let ended = $1 { $0.append(ended) } }
            }
            #expect(done == [[session]])
            #expect(try await stores.resets.redeem(tokenHash: hash(2), passwordHash: "newer", at: now) == nil)
            #expect(try await stores.users.credentials(ofUserNamed: "titania")?.passwordHash == "new")
        }
    }

    @Test("A link is of no use to a disabled account, nor after the address changed", arguments: Backend.allCases)
    func resetOver(backend: Backend) async throws {
        try await backend.withStores { stores in
            let titania = try await stores.makeUser("titania")
            try await stores.resets.create(
                tokenHash: hash(1), of: titania.id, at: now, expiresAt: now + Seconds(3600))
            _ = try await stores.users.setDisabled(
                true, of: titania.id, audit: NewAuditEntry(.disableUser, "titania", by: nil))
            #expect(try await stores.resets.redeem(tokenHash: hash(1), passwordHash: "new", at: now) == nil)
            _ = try await stores.users.setDisabled(
                false, of: titania.id, audit: NewAuditEntry(.enableUser, "titania", by: nil))
            _ = try await stores.emails.setVerified(try address("new@faerie.test"), of: titania.id, at: now, audit: nil)
            #expect(try await stores.resets.redeem(tokenHash: hash(1), passwordHash: "new", at: now) == nil)
        }
    }

    @Test("A sign-in that is under way while the password changes does not come about", arguments: Backend.allCases)
    func underWay(backend: Backend) async throws {
        try await backend.withStores { stores in
            let titania = try await stores.makeUser("titania")
            func signIn(_ user: User) async throws {
                _ = try await stores.sessions.create(
                    NewSession(
                        user: user.id, kind: .browser, tokenHash: nil, createdAt: now, expiresAt: now + .days(1),
                        passwordVersion: user.passwordVersion), refreshToken: nil)
            }
            try await signIn(titania)
            try await stores.users.replacePasswordHash("hash of titania", with: "the same, stronger", of: titania.id)
            try await signIn(titania)
            _ = try await stores.users.setPasswordHash(
                "another", of: titania.id, keeping: nil, endingTokens: true, audit: nil)
            await #expect(performing: { try await signIn(titania) }, throws: isRefusal(.sessionExpired))
            let later = try #require(try await stores.users.user(titania.id))
            try await signIn(later)
        }
    }
}
