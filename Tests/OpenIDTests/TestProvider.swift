import Auth
import Crypto
import Foundation
import Model
import OpenID
import Synchronization

/// A provider with real keys and no network: it answers as one would, but where a test wants it otherwise.
final class TestProvider: OpenIDTransport, Sendable {
    static let issuer = "https://id.example"
    static let clientID = "parley client"
    static let secret = "s:e%c+ret"
    static let accessToken = "access-token"
    static let authorizationEndpoint = issuer + "/authorize"
    static let tokenEndpoint = issuer + "/token"
    static let keysEndpoint = issuer + "/keys"
    static let userInfoEndpoint = issuer + "/userinfo"

    typealias Answer = @Sendable (OpenIDRequest) async throws -> OpenIDResponse

    struct State {
        var keys: [TestKey] = [.rs256()]
        /// Fields of the discovery document to change; `nil` takes one out.
        var discovery: [String: (any Sendable)?] = [:]
        /// Claims of the ID token to change.
        var claims: [String: (any Sendable)?] = [:]
        var header: [String: (any Sendable)?] = [:]
        /// Fields of the token endpoint's answer to change.
        var tokens: [String: (any Sendable)?] = [:]
        var userInfo: [String: any Sendable] = ["sub": "alice"]
        /// What signs; else the first of the keys.
        var signer: TestKey?
        /// The whole token, if it should be another.
        var token: String?
        /// Answers given in place of the right ones, by address.
        var answers: [String: Answer] = [:]
        var requests: [OpenIDRequest] = []
        /// The nonce that the authorization request brought.
        var nonce = ""
        var now = Timestamp(milliseconds: 1_700_000_000_000)
        var waiting: [(url: String, times: Int, reached: CheckedContinuation<Void, Never>)] = []

        func count(_ url: String) -> Int { requests.count { $0.url == url } }
    }

    private let state = Mutex(State())

    func set(_ change: @Sendable (inout State) -> Void) { state.withLock { change(&$0) } }
    var now: Timestamp { state.withLock { $0.now } }
    func wait(_ seconds: Int64) { set { $0.now = $0.now + Seconds(seconds) } }

    func requests(to url: String) -> [OpenIDRequest] { state.withLock { $0.requests.filter { $0.url == url } } }

    /// Waits until so many requests have come to an address.
    func reached(_ url: String, times: Int) async {
        await withCheckedContinuation { reached in
            state.withLock { $0.waiting.append((url, times, reached)) }
            resumeWaiting()
        }
    }

    private func resumeWaiting() {
        let done = state.withLock { state in
            let isDone = state.waiting.map { state.count($0.url) >= $0.times }
            let done = zip(state.waiting, isDone).filter(\.1).map(\.0.reached)
            state.waiting = zip(state.waiting, isDone).filter { !$0.1 }.map(\.0)
            return done
        }
        for one in done { one.resume() }
    }

    func send(_ request: OpenIDRequest) async throws -> OpenIDResponse {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers[request.url]
        }
        resumeWaiting()
        if let answer { return try await answer(request) }
        return state.withLock { state in
            switch request.url {
            case Self.issuer + "/.well-known/openid-configuration": .ok(Self.discovery(state))
            case Self.keysEndpoint: .ok(["keys": state.keys.map(\.jwk)])
            case Self.tokenEndpoint: .ok(Self.tokens(state))
            case Self.userInfoEndpoint: .ok(state.userInfo)
            default: OpenIDResponse(status: 404, body: Data())
            }
        }
    }

    private static func discovery(_ state: State) -> [String: Any] {
        let document: [String: Any] = [
            "issuer": issuer, "authorization_endpoint": authorizationEndpoint, "token_endpoint": tokenEndpoint,
            "jwks_uri": keysEndpoint, "userinfo_endpoint": userInfoEndpoint,
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        ]
        return changed(document, state.discovery)
    }

    private static func tokens(_ state: State) -> [String: Any] {
        let seconds = Int(state.now.milliseconds / 1000)
        let claims: [String: Any] = [
            "iss": issuer, "sub": "alice", "aud": clientID, "iat": seconds, "exp": seconds + 300,
            "nonce": state.nonce, "email": "alice@chat.example", "email_verified": true, "name": "Alice",
            "at_hash": Data(SHA256.hash(data: Data(accessToken.utf8))).prefix(16).base64URL,
        ]
        let signer = state.signer ?? state.keys[0]
        let token = state.token ?? signer.sign(changed(claims, state.claims), header: state.header)
        let answer: [String: Any] = [
            "access_token": accessToken, "token_type": "Bearer", "expires_in": 300, "id_token": token,
        ]
        return changed(answer, state.tokens)
    }

    private static func changed(_ fields: [String: Any], _ changes: [String: (any Sendable)?]) -> [String: Any] {
        var fields = fields
        for (name, value) in changes { fields[name] = value }
        return fields
    }
}

extension OpenIDResponse {
    static func ok(_ fields: [String: Any]) -> OpenIDResponse { OpenIDResponse(status: 200, body: json(fields)) }
    static func refused(_ error: String, status: Int = 400) -> OpenIDResponse {
        OpenIDResponse(status: status, body: json(["error": error]))
    }
}
