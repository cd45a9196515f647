import Foundation
import Model
import OpenID
import Synchronization
import Testing

@Suite("A provider's keys")
struct ProviderKeyTests {
    private func fetches(_ world: World) -> Int { world.site.requests(to: TestProvider.keysEndpoint).count }

    @Test("are fetched once for an hour")
    func cached() async throws {
        let world = try World()
        _ = try await world.signIn()
        world.wait(3599)
        _ = try await world.signIn()
        #expect(fetches(world) == 1)
        world.wait(1)
        _ = try await world.signIn()
        #expect(fetches(world) == 2)
    }

    @Test("are fetched again when a token names one that is new")
    func rotation() async throws {
        let world = try World()
        _ = try await world.signIn()
        world.site.set { $0.keys = [.es256("new")] }
        _ = try await world.signIn()
        #expect(fetches(world) == 2)
        // The old one is out of use.
        world.site.set { $0.signer = .rs256() }
        #expect(await world.refusal() == .keyUnknown(id: "rsa"))
    }

    @Test("are fetched again when one without a name signs in the place of another")
    func namelessRotation() async throws {
        let world = try World()
        world.site.set { $0.keys = [.rs256(nil)] }
        _ = try await world.signIn()
        world.site.set { $0.keys = [.rs256(nil, number: 1)] }
        _ = try await world.signIn()
        #expect(fetches(world) == 2)
    }

    @Test("are fetched again at most once a minute, however many unknown ones are named")
    func bounded() async throws {
        let world = try World()
        world.site.set { $0.signer = .rs256("unknown") }
        for _ in 1...5 { #expect(await world.refusal() == .keyUnknown(id: "unknown")) }
        #expect(fetches(world) == 2)
        world.wait(59)
        #expect(await world.refusal() == .keyUnknown(id: "unknown"))
        #expect(fetches(world) == 2)
        world.wait(1)
        #expect(await world.refusal() == .keyUnknown(id: "unknown"))
        #expect(fetches(world) == 3)
    }

    @Test("are not fetched again for a wrong signature of one that we have")
    func wrongSignature() async throws {
        let world = try World()
        world.site.set { $0.signer = .rs256(number: 1) }
        #expect(await world.refusal() == .signatureWrong)
        #expect(fetches(world) == 1)
    }

    @Test("are fetched by one request for all who wait")
    func oneFlight() async throws {
        let world = try World()
        _ = try await world.party.discovered()
        let gate = Gate()
        let keys = json(["keys": [TestKey.rs256().jwk]])
        world.site.set { state in
            state.answers[TestProvider.keysEndpoint] = { _ in
                await gate.pass()
                return OpenIDResponse(status: 200, body: keys)
            }
        }
        let queries = try await [world.begin(), world.begin(), world.begin()]
        let done = await withTaskGroup(of: OpenIDError?.self) { group in
            for query in queries {
                group.addTask { await refusalOf { _ = try await world.finish("code=c&state=\(query["state"]!)") } }
            }
            await world.site.reached(TestProvider.tokenEndpoint, times: 3)
            // On their way from there to the keys; whether they get there before the gate opens or after, one asks.
            for _ in 1...50 { await Task.yield() }
            await gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        // The token has the nonce of one of them; the others got as far as that.
        #expect(done.count { $0 == nil } == 1 && done.count { $0 == .nonceWrong } == 2)
        #expect(fetches(world) == 1)
    }

    @Test("that could not be fetched are asked for anew by the next one")
    func failure() async throws {
        let world = try World()
        world.site.set { $0.answers[TestProvider.keysEndpoint] = { _ in .init(status: 500, body: Data()) } }
        #expect(await world.refusal() == .badStatus(what: "the provider's keys", status: 500))
        world.site.set { $0.answers = [:] }
        #expect(await world.refusal() == nil)
    }

    @Test(
        "are refused as a set that is too large, or no set",
        arguments: [
            ("{\"keys\":[]}" + String(repeating: " ", count: 256 * 1024), "openid_answer_too_large"),
            ("[]", "openid_malformed"), ("{}", "openid_malformed"), ("{\"keys\":7}", "openid_malformed"),
            ("", "openid_malformed"),
        ])
    func malformed(text: String, code: String) async throws {
        let world = try World()
        world.site.set { $0.answers[TestProvider.keysEndpoint] = { _ in .init(status: 200, body: Data(text.utf8)) } }
        #expect(await world.refusal()?.code == code)
    }

    @Test("work beside others that we do not have or that are for something else")
    func others() async throws {
        let world = try World()
        let others: [Any] = [
            7, [:], ["kty": "oct", "k": "AAAA", "kid": "rsa"], ["kty": "RSA", "kid": "rsa"], ["kty": "new", "kid": 7],
            ["kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "rsa"],
            ["kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "rsa"], ["kty": "EC", "crv": "secp256k1", "kid": "rsa"],
        ]
        let keys = json(["keys": others + [TestKey.rs256().jwk]])
        world.site.set { $0.answers[TestProvider.keysEndpoint] = { _ in .init(status: 200, body: keys) } }
        #expect(await world.refusal() == nil)
    }

    @Test(
        "are not used for what they are not for",
        arguments: [
            ["use": "enc"], ["key_ops": ["sign"]], ["alg": "PS256"], ["alg": "RSA-OAEP"],
        ] as [[String: any Sendable]])
    func otherPurpose(change: [String: any Sendable]) async throws {
        let world = try World()
        let keys = json(["keys": [TestKey.rs256().jwk.merging(change) { $1 }]])
        world.site.set { $0.answers[TestProvider.keysEndpoint] = { _ in .init(status: 200, body: keys) } }
        #expect(await world.refusal() == .keyUnknown(id: "rsa"))
    }

    @Test("of fewer than 2048 bits, or more than 8192, are none")
    func weak() async throws {
        let world = try World()
        for (length, refusal) in [(1360, OpenIDError.signatureWrong), (1367, .keyUnknown(id: "rsa"))] {
            let key = TestKey.rs256().jwk.merging(["n": String(repeating: "f", count: length)]) { $1 }
            let keys = json(["keys": [key]])
            world.site.set { $0.answers[TestProvider.keysEndpoint] = { _ in .init(status: 200, body: keys) } }
            #expect(await world.refusal() == refusal)
            world.wait(3600)
        }
        world.site.set { $0.answers = [:] }
        let key = try TestKey.weak()
        world.site.set { $0.keys = [key] }
        #expect(await world.refusal() == .keyUnknown(id: "weak"))
    }

    @Test("need to be named where there are several")
    func nameless() async throws {
        let world = try World()
        world.site.set { state in
            state.keys = [.rs256("a"), .rs256("b", number: 1)]
            state.header["kid"] = .some(nil)
        }
        #expect(await world.refusal() == .keyUnknown(id: nil))
        world.site.set { $0.keys = [.rs256("a"), .es256("b")] }
        world.wait(3600)
        #expect(await world.refusal() == nil)
    }
}

/// Holds up whoever passes until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass() async {
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    func open() {
        isOpen = true
        for one in waiting { one.resume() }
        waiting = []
    }
}
