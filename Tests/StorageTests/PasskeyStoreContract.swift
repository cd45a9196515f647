import Foundation
import Model
import Storage
import Testing

@Suite("The contract of passkey stores")
struct PasskeyStoreContract {
    private let codes: Set<Data> = [Data(repeating: 1, count: 32)]

    private func passkey(_ number: UInt8, name: String = "Key") -> NewPasskey {
        NewPasskey(
            credential: Data([number]), publicKey: Data([2, number]), signCount: 7, transports: ["internal", "usb"],
            isBackupEligible: true, isBackedUp: false, isUserVerified: true, isDiscoverable: nil,
            aaguid: Data(count: 16), name: name)
    }

    private func audit(_ action: AuditEntry.Action = .addPasskey) -> NewAuditEntry {
        NewAuditEntry(action, "titania", by: "titania")
    }

    private func add(_ number: UInt8, to user: User, _ stores: Stores, countMax: Int = 9) async throws -> Bool {
        try await stores.passkeys.add(
            passkey(number), to: user.id, countMax: countMax, recoveryHashes: codes, audit: audit())
    }

    private func handle(of user: User, _ stores: Stores) async throws -> Data {
        try await stores.passkeys.handle(of: user.id, orKeep: Data("handle of \(user.username)".utf8))
    }

    @Test("A person has one handle, for ever", arguments: Backend.allCases)
    func handle(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            let first = try await handle(of: user, stores)
            #expect(try await stores.passkeys.handle(of: user.id, orKeep: Data([9])) == first)
        }
    }

    @Test(
        "What was added is found by its owner and by its credential, with all that was known",
        arguments: Backend.allCases)
    func kept(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, oberon) = (try await stores.makeUser("titania"), try await stores.makeUser("oberon"))
            let handle = try await handle(of: titania, stores)
            #expect(try await add(1, to: titania, stores))
            let found = try #require(try await stores.passkeys.passkey(withCredential: Data([1])))
            #expect(found.user == titania.id && found.handle == handle && found.publicKey == Data([2, 1]))
            #expect(found.signCount == 7 && found.transports == ["internal", "usb"] && found.isBackupEligible)
            #expect(!found.isBackedUp && found.name == "Key" && found.lastUsedAt == nil)
            #expect(try await stores.passkeys.passkeys(of: titania.id) == [found])
            #expect(try await stores.passkeys.passkeys(of: oberon.id).isEmpty)
            #expect(try await stores.factors.kinds(of: titania.id) == [.passkey])
            #expect(try await stores.audit.entries(before: nil, limit: 9).map(\.action) == [.addPasskey])
        }
    }

    @Test("A credential belongs to one account, and there are only so many", arguments: Backend.allCases)
    func limits(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, oberon) = (try await stores.makeUser("titania"), try await stores.makeUser("oberon"))
            _ = (try await handle(of: titania, stores), try await handle(of: oberon, stores))
            _ = try await add(1, to: titania, stores)
            await #expect(throws: ChatError.self, performing: { _ = try await add(1, to: oberon, stores) })
            await #expect(
                performing: { _ = try await add(2, to: titania, stores, countMax: 1) },
                throws: isRefusal(.tooManyPasskeys))
        }
    }

    @Test("Recovery codes come with the first second factor, and go with the last", arguments: Backend.allCases)
    func recovery(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            _ = try await handle(of: user, stores)
            #expect(try await add(1, to: user, stores))
            #expect(try await !add(2, to: user, stores))
            #expect(try await stores.factors.recoveryHashes(of: user.id) == codes)
            for passkey in try await stores.passkeys.passkeys(of: user.id) {
                #expect(try await stores.factors.recoveryHashes(of: user.id) == codes)
                #expect(try await stores.passkeys.remove(passkey.id, of: user.id, audit: audit(.removePasskey)))
                #expect(try await !stores.passkeys.remove(passkey.id, of: user.id, audit: audit(.removePasskey)))
            }
            #expect(try await stores.factors.recoveryHashes(of: user.id).isEmpty)
        }
    }

    @Test("The count never goes down, and what was removed cannot be used", arguments: Backend.allCases)
    func used(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, oberon) = (try await stores.makeUser("titania"), try await stores.makeUser("oberon"))
            _ = try await handle(of: titania, stores)
            _ = try await add(1, to: titania, stores)
            let id = try #require(try await stores.passkeys.passkeys(of: titania.id).first).id
            let now = Timestamp(milliseconds: 5)
            for count: UInt32 in [9, 3] {
                #expect(
                    try await stores.passkeys.used(id, signCount: count, isBackedUp: true, at: now, audit: nil))
            }
            let found = try #require(try await stores.passkeys.passkeys(of: titania.id).first)
            #expect(found.signCount == 9 && found.isBackedUp && found.lastUsedAt == now)
            #expect(try await !stores.passkeys.rename(id, of: oberon.id, to: "Mine"))
            #expect(try await stores.passkeys.rename(id, of: titania.id, to: "Mine"))
            #expect(try await !stores.passkeys.remove(id, of: oberon.id, audit: audit(.removePasskey)))
            #expect(try await stores.passkeys.remove(id, of: titania.id, audit: audit(.removePasskey)))
            #expect(try await !stores.passkeys.used(id, signCount: 10, isBackedUp: true, at: now, audit: nil))
        }
    }

    @Test("The operator takes all of it away", arguments: Backend.allCases)
    func operatorRemoves(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            _ = try await handle(of: user, stores)
            _ = try await add(1, to: user, stores)
            let entry = NewAuditEntry(.removeSecondFactor, "titania", by: nil)
            #expect(try await stores.factors.removeAll(of: user.id, audit: entry))
            #expect(try await !stores.factors.removeAll(of: user.id, audit: entry))
            #expect(try await stores.factors.kinds(of: user.id).isEmpty)
            #expect(try await stores.factors.recoveryHashes(of: user.id).isEmpty)
        }
    }
}
