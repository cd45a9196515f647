import Model
import Storage
import Testing

@Suite("The contract of user stores")
struct UserStoreContract {
    @Test("An account is found by its number and its username", arguments: Backend.allCases)
    func found(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania", role: .admin)
            #expect(try await stores.users.user(user.id) == user)
            #expect(try await stores.users.user(named: "titania") == user)
            #expect(user.role == .admin && !user.isDisabled)
            #expect(try await stores.users.user(named: "oberon") == nil)
            #expect(try await stores.users.user(UserID(rawValue: 999)) == nil)
        }
    }

    @Test("A username is taken once", arguments: Backend.allCases)
    func unique(backend: Backend) async throws {
        try await backend.withStores { stores in
            _ = try await stores.makeUser("titania")
            await #expect(performing: { try await stores.makeUser("titania") }, throws: isRefusal(.usernameTaken))
            #expect(try await stores.users.allUsers().count == 1)
        }
    }

    @Test("The password's hash comes out with the account, and can be replaced", arguments: Backend.allCases)
    func passwordHash(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            #expect(try await stores.users.credentials(ofUserNamed: "titania")?.passwordHash == "hash of titania")
            #expect(
                try await stores.users.setPasswordHash(
                    "other", of: user.id, keeping: nil, endingTokens: true, audit: nil) == [])
            try await stores.users.replacePasswordHash("hash of titania", with: "too late", of: user.id)
            #expect(try await stores.users.credentials(ofUserNamed: "titania")?.passwordHash == "other")
            #expect(try await stores.users.credentials(ofUserNamed: "oberon") == nil)
        }
    }

    private let entry = NewAuditEntry(.setRole, "titania", by: nil)

    @Test("Role and state change, and only of somebody who is there", arguments: Backend.allCases)
    func changes(backend: Backend) async throws {
        try await backend.withStores { stores in
            _ = try await stores.makeUser("oberon", role: .admin)
            let user = try await stores.makeUser("titania")
            #expect(try await stores.users.setRole(.admin, of: user.id, audit: entry))
            #expect(try await stores.users.setDisabled(true, of: user.id, audit: entry))
            let changed = try await stores.users.user(user.id)
            #expect(changed?.role == .admin && changed?.isDisabled == true)
            #expect(try await !stores.users.setRole(.admin, of: UserID(rawValue: 999), audit: entry))
        }
    }

    @Test("People are found by the start of a name; wildcards are letters", arguments: Backend.allCases)
    func people(backend: Backend) async throws {
        try await backend.withStores { stores in
            for name in ["titania", "thistle", "puck"] { _ = try await stores.makeUser(name) }
            let disabled = try await stores.makeUser("thorn")
            _ = try await stores.users.setDisabled(true, of: disabled.id, audit: entry)
            #expect(try await stores.users.people(matching: "T", limit: 20).map(\.username) == ["thistle", "titania"])
            #expect(try await stores.users.people(matching: "t", limit: 1).count == 1)
            for hostile in ["%", "_", "\\", "' OR 1=1 --"] {
                #expect(try await stores.users.people(matching: hostile, limit: 20).isEmpty)
            }
        }
    }
}
