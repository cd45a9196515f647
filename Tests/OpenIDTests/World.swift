import Crypto
import Foundation
import Model
import OpenID
import Proxy
import Synchronization

/// A relying party with a provider and a browser, driven as a browser would.
struct World: Sendable {
    let site = TestProvider()
    let attempts = MemoryAttempts()
    let party: RelyingParty
    static let browser = Data(SHA256.hash(data: Data("a browser's cookie".utf8)))

    init(
        publicURL: String = "https://chat.example/talk", scopes: [String] = Provider.defaultScopes,
        secret: String? = TestProvider.secret
    ) throws {
        let provider = try Provider(
            name: "example", displayName: "Example", issuer: TestProvider.issuer, clientID: TestProvider.clientID,
            secret: secret, scopes: scopes)
        party = RelyingParty(
            provider: provider, publicURL: PublicURL(publicURL)!, attempts: attempts, transport: site,
            now: { [site] in site.now })
    }

    /// Begins, and lets the provider take note of what the browser brings it.
    /// - Returns: the query of the authorization request.
    func begin(next: String? = nil, linking: UserID? = nil) async throws -> [String: String] {
        let url = try await party.begin(browser: Self.browser, next: next.flatMap { LocalPath($0) }, linking: linking)
        let items = URLComponents(string: url)?.queryItems ?? []
        let query = Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
        site.set { $0.nonce = query["nonce"] ?? "" }
        return query
    }

    func finish(
        _ query: String, browser: Data? = World.browser, signedIn: UserID? = nil
    ) async throws -> SignIn {
        try await party.finish(query: query, browser: browser, signedIn: signedIn)
    }

    func wait(_ seconds: Int64) { site.wait(seconds) }

    /// All of it.
    func signIn() async throws -> SignIn {
        let state = try await begin()["state"]!
        return try await finish("code=the-code&state=\(state)")
    }

    /// What is thrown in the place of signing in.
    func refusal() async -> OpenIDError? { await refusalOf { _ = try await signIn() } }
}

func refusalOf(_ work: () async throws -> Void) async -> OpenIDError? {
    do {
        try await work()
        return nil
    } catch {
        return error as? OpenIDError
    }
}

/// Keeps attempts for as long as a test takes.
final class MemoryAttempts: AttemptStore {
    private let kept = Mutex<[Data: SignInAttempt?]>([:])

    func keep(_ attempt: SignInAttempt) { kept.withLock { $0[attempt.stateHash] = attempt } }

    func take(stateHash: Data) -> TakenAttempt {
        kept.withLock { kept in
            guard let attempt = kept[stateHash] else { return .unknown }
            kept[stateHash] = .some(nil)
            return attempt.map { .first($0) } ?? .again
        }
    }

    var all: [SignInAttempt] { kept.withLock { $0.values.compactMap { $0 } } }
}
