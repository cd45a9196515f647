import Foundation
import Model
import Storage
import Testing

@Suite("The contract of second-factor stores")
struct FactorStoreContract {
    private func hash(_ number: UInt8) -> Data { Data(repeating: number, count: 32) }
    private let factor = SecondFactor(sealedSecret: Data([1, 2, 3]), lastStep: 100)

    @Test("A factor is kept with its recovery codes, until it is turned off", arguments: Backend.allCases)
    func kept(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, oberon) = (try await stores.makeUser("titania"), try await stores.makeUser("oberon"))
            #expect(try await stores.factors.factor(of: titania.id) == nil)
            try await stores.factors.set(factor, recoveryHashes: [hash(1), hash(2)], of: titania.id)
            #expect(try await stores.factors.factor(of: titania.id) == factor)
            #expect(try await stores.factors.factor(of: oberon.id) == nil)
            #expect(try await stores.factors.recoveryHashes(of: titania.id) == [hash(1), hash(2)])
            #expect(try await stores.factors.remove(of: titania.id, audit: nil))
            #expect(try await !stores.factors.remove(of: titania.id, audit: nil))
            #expect(try await stores.factors.factor(of: titania.id) == nil)
            #expect(try await stores.factors.recoveryHashes(of: titania.id).isEmpty)
        }
    }

    @Test("A factor that is on is not replaced, nor are its recovery codes", arguments: Backend.allCases)
    func notReplaced(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            try await stores.factors.set(factor, recoveryHashes: [hash(1)], of: user.id)
            let other = SecondFactor(sealedSecret: Data([4, 5, 6]), lastStep: 200)
            await #expect(
                performing: { try await stores.factors.set(other, recoveryHashes: [hash(2)], of: user.id) },
                throws: isRefusal(.formStale))
            #expect(try await stores.factors.factor(of: user.id) == factor)
            #expect(try await stores.factors.recoveryHashes(of: user.id) == [hash(1)])
            #expect(try await stores.factors.remove(of: user.id, audit: nil))
            try await stores.factors.set(other, recoveryHashes: [hash(2)], of: user.id)
            #expect(try await stores.factors.factor(of: user.id) == other)
        }
    }

    @Test(
        "Of many who show the code of one period at once, one gets in, and never with an older one",
        arguments: Backend.allCases)
    func step(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            try await stores.factors.set(factor, recoveryHashes: [], of: user.id)
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask { (try? await stores.factors.advance(to: 101, of: user.id)) == true }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(accepted == 1)
            let (older, newer) = (
                try await stores.factors.advance(to: 100, of: user.id),
                try await stores.factors.advance(to: 102, of: user.id)
            )
            #expect(!older && newer)
        }
    }

    @Test("A recovery code is used once, and by its owner alone", arguments: Backend.allCases)
    func recovery(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, oberon) = (try await stores.makeUser("titania"), try await stores.makeUser("oberon"))
            try await stores.factors.set(factor, recoveryHashes: [hash(1)], of: titania.id)
            #expect(try await !stores.factors.useRecovery(hash(1), of: oberon.id))
            #expect(try await stores.factors.useRecovery(hash(1), of: titania.id))
            #expect(try await !stores.factors.useRecovery(hash(1), of: titania.id))
            #expect(try await stores.factors.replaceRecovery([hash(3)], of: titania.id))
            #expect(try await stores.factors.recoveryHashes(of: titania.id) == [hash(3)])
            #expect(try await !stores.factors.replaceRecovery([hash(4)], of: oberon.id))
        }
    }
}
