import Auth
import Foundation
import Model
import OpenID
import Proxy
import Testing

/// What a real provider process sent, in `Tests/Fixtures/openid/`, with the clock of that moment.
@Suite("A recorded provider")
struct RecordedTests {
    private struct Record: Decodable {
        let clientID: String
        let nonce: String
        let milliseconds: Int64
    }

    private struct Transport: OpenIDTransport {
        let issuer: String

        func send(_ request: OpenIDRequest) async throws -> OpenIDResponse {
            let names = ["/.well-known/openid-configuration": "discovery", "/jwks": "keys", "/oauth2/token": "tokens"]
            let name = try #require(names[String(request.url.dropFirst(issuer.count))])
            return OpenIDResponse(status: 200, body: try RecordedTests.file(name))
        }
    }

    fileprivate static func file(_ name: String) throws -> Data {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return try Data(contentsOf: folder.appendingPathComponent("../Fixtures/openid/\(name).json").standardized)
    }

    private func signIn(
        clientID: String? = nil, nonce: String? = nil, later milliseconds: Int64 = 0
    ) async throws -> SignIn {
        let record = try JSONDecoder().decode(Record.self, from: Self.file("sign-in"))
        let issuer = "http://127.0.0.1:19411"
        let now = Timestamp(milliseconds: record.milliseconds + milliseconds)
        let state = OpaqueToken()
        let attempts = MemoryAttempts()
        attempts.keep(
            SignInAttempt(
                stateHash: state.hash, provider: "mock", nonce: nonce ?? record.nonce, verifier: "v",
                browser: World.browser, next: nil, linking: nil, createdAt: now, expiresAt: now + Seconds(600)))
        let provider = try Provider(
            name: "mock", displayName: "Mock", issuer: issuer, clientID: clientID ?? record.clientID, secret: "s")
        let party = RelyingParty(
            provider: provider, publicURL: try #require(PublicURL("http://127.0.0.1:8080")), attempts: attempts,
            transport: Transport(issuer: issuer), now: { now })
        return try await party.finish(query: "code=c&state=\(state.text)", browser: World.browser, signedIn: nil)
    }

    @Test("signs in at its time")
    func works() async throws {
        let identity = try await signIn().identity
        #expect(identity.issuer == "http://127.0.0.1:19411" && identity.subject == "alice")
        #expect(identity.email == "alice@chat.test" && identity.emailIsVerified && identity.name == "Alice")
    }

    @Test("does not an hour later, nor a minute and a second before")
    func otherTime() async throws {
        #expect(await refusalOf { _ = try await signIn(later: 3_600_000) } == .tokenExpired)
        #expect(await refusalOf { _ = try await signIn(later: -61_000) } == .tokenFromTheFuture)
    }

    @Test("does not for another client or another sign-in")
    func other() async throws {
        guard case .audienceWrong = await refusalOf({ _ = try await signIn(clientID: "other") }) else {
            Issue.record("another client's token was taken")
            return
        }
        #expect(await refusalOf { _ = try await signIn(nonce: "other") } == .nonceWrong)
    }
}
