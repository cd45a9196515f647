import Foundation
import Model
import OpenID
import Proxy
import Testing

@Suite("A callback")
struct CallbackTests {
    private func state(_ world: World) async throws -> String { try #require(await world.begin()["state"]) }

    @Test("is refused with a state that was never given out")
    func wrongState() async throws {
        let world = try World()
        let state = try await state(world)
        #expect(await refusalOf { _ = try await world.finish("code=c&state=x\(state)") } == .stateUnknown)
        #expect(world.site.requests(to: TestProvider.tokenEndpoint).isEmpty)
    }

    @Test("is refused the second time, and when two come at once one of them is")
    func replayedState() async throws {
        let world = try World()
        let query = "code=c&state=\(try await state(world))"
        async let one = refusalOf { _ = try await world.finish(query) }
        async let two = refusalOf { _ = try await world.finish(query) }
        let both = await [one, two]
        #expect(both.contains(nil) && both.contains(.stateReplayed))
        #expect(await refusalOf { _ = try await world.finish(query) } == .stateReplayed)
        #expect(world.site.requests(to: TestProvider.tokenEndpoint).count == 1)
    }

    @Test("is refused after ten minutes, and not before")
    func expiredState() async throws {
        let world = try World()
        let (early, late) = (try await state(world), try await world.begin())
        world.wait(600)
        #expect(await refusalOf { _ = try await world.finish("code=c&state=\(early)") } == .stateExpired)
        world.wait(-1)
        _ = try await world.finish("code=c&state=\(late["state"]!)")
    }

    @Test("is refused in another browser, and in one without its cookie; the state is used up")
    func otherBrowser() async throws {
        let world = try World()
        for browser in [Data(repeating: 1, count: 32), Data(), nil] {
            let query = "code=c&state=\(try await state(world))"
            #expect(await refusalOf { _ = try await world.finish(query, browser: browser) } == .otherBrowser)
            #expect(await refusalOf { _ = try await world.finish(query) } == .stateReplayed)
        }
        #expect(world.site.requests(to: TestProvider.tokenEndpoint).isEmpty)
    }

    @Test("is refused at another provider's address")
    func otherProvider() async throws {
        let world = try World()
        let state = try await state(world)
        let other = RelyingParty(
            provider: try .google(clientID: "c", secret: "s"), publicURL: try #require(.init("https://chat.example")),
            attempts: world.attempts, transport: world.site, now: { world.site.now })
        #expect(
            await refusalOf {
                _ = try await other.finish(query: "code=c&state=\(state)", browser: World.browser, signedIn: nil)
            }
                == .otherProvider("example"))
    }

    @Test("adds the provider to nobody's account but that of who began it, while they are signed in")
    func otherPerson() async throws {
        let world = try World()
        let (alice, eve) = (UserID(rawValue: 1), UserID(rawValue: 2))
        for signedIn in [eve, nil] {
            let state = try #require(await world.begin(linking: alice)["state"])
            #expect(
                await refusalOf { _ = try await world.finish("code=c&state=\(state)", signedIn: signedIn) }
                    == .otherPerson)
        }
        #expect(world.site.requests(to: TestProvider.tokenEndpoint).isEmpty)
        let state = try #require(await world.begin(linking: alice)["state"])
        #expect(try await world.finish("code=c&state=\(state)", signedIn: alice).linking == alice)
        #expect(try await world.finish("code=c&state=\(try await self.state(world))", signedIn: eve).linking == nil)
    }

    @Test("is refused when its iss is another's (RFC 9207)", arguments: ["code=c", "error=access_denied"])
    func mixedUp(outcome: String) async throws {
        let world = try World()
        let query = "\(outcome)&iss=https%3A%2F%2Fevil.example&state=\(try await state(world))"
        #expect(
            await refusalOf { _ = try await world.finish(query) } == .mixedUp(issuer: "https://evil.example"))
        #expect(world.site.requests(to: TestProvider.tokenEndpoint).isEmpty)
    }

    @Test("needs an iss where the provider says it always sends one")
    func missingIssuer() async throws {
        let world = try World()
        world.site.set { $0.discovery["authorization_response_iss_parameter_supported"] = true }
        let query = "code=c&state=\(try await state(world))"
        #expect(await refusalOf { _ = try await world.finish(query) } == .mixedUp(issuer: nil))
        _ = try await world.finish("code=c&iss=https%3A%2F%2Fid.example&state=\(try await state(world))")
    }

    @Test(
        "with an error is refused with it, and never shows the provider's text",
        arguments: [
            "access_denied", "temporarily_unavailable", "<script>", "x\ny",
        ])
    func providerRefuses(error: String) async throws {
        let world = try World()
        let text = error.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let query = "error=\(text)&error_description=evil&state=\(try await state(world))"
        let refusal = await refusalOf { _ = try await world.finish(query) }
        #expect(refusal == .providerRefused(error: error))
        let sentence = refusal?.sentence(provider: "Example") ?? ""
        #expect(!sentence.contains("evil") && !sentence.contains("<") && !sentence.contains("\n"))
        #expect(await refusalOf { _ = try await world.finish(query) } == .stateReplayed)
    }

    @Test(
        "is malformed when it has too little, too much or the same twice",
        arguments: [
            "", "code=c", "state=S", "code=&state=S", "code=c&state=", "code=c&code=d&state=S",
            "code=c&state=S&state=T",
            "code=c&error=x&state=S", "code=%zz&state=S", "code=%ff&state=S", "code=c&state=S&iss=a&iss=b",
            "state=S&code=" + String(repeating: "c", count: 8192),
        ])
    func malformed(query: String) async throws {
        let world = try World()
        let state = try await state(world)
        let query = query.replacing("S", with: state)
        guard case .answerMalformed = await refusalOf({ _ = try await world.finish(query) }) else {
            Issue.record("\(query) was not refused as malformed")
            return
        }
        _ = try await world.finish("code=c&state=\(state)")
    }
}

@Suite("The exchange of the code")
struct ExchangeTests {
    private func refusal(_ answer: @escaping TestProvider.Answer) async throws -> OpenIDError? {
        let world = try World()
        world.site.set { $0.answers[TestProvider.tokenEndpoint] = answer }
        return await world.refusal()
    }

    @Test(
        "says in words of its own why the provider refuses (RFC 6749, section 5.2)",
        arguments: [
            ("invalid_grant", OpenIDError.codeRefused), ("invalid_client", .clientRefused(error: "invalid_client")),
            ("unauthorized_client", .clientRefused(error: "unauthorized_client")),
            ("invalid_request", .exchangeRefused(error: "invalid_request")), ("evil", .exchangeRefused(error: "evil")),
        ])
    func refused(error: String, expected: OpenIDError) async throws {
        #expect(try await refusal { _ in .refused(error) } == expected)
        #expect(try await refusal { _ in .refused(error, status: 401) } == expected)
    }

    @Test("fails as temporary when the provider is broken or cannot be reached")
    func unreachable() async throws {
        struct Cut: Error {}
        let broken = try await refusal { _ in .refused("invalid_grant", status: 503) }
        #expect(broken == .badStatus(what: "the exchange of the code", status: 503) && broken?.isTemporary == true)
        let cut = try await refusal { _ in throw Cut() }
        #expect(cut?.code == "openid_unreachable" && cut?.isTemporary == true)
    }

    @Test("follows no redirect, which would take the secret along")
    func redirect() async throws {
        let refusal = try await refusal { _ in OpenIDResponse(status: 307, body: Data()) }
        #expect(refusal == .badStatus(what: "the exchange of the code", status: 307))
    }

    @Test("takes no more bytes than it needs, whoever counts them")
    func tooLarge() async throws {
        let expected = OpenIDError.answerTooLarge(what: "the exchange of the code")
        #expect(try await refusal { .init(status: 200, body: Data(count: $0.bodyMax + 1)) } == expected)
        #expect(try await refusal { _ in throw OpenIDTransportError.answerTooLarge } == expected)
    }

    @Test(
        "needs both tokens, of the type Bearer, in JSON",
        arguments: [
            ["id_token": nil], ["access_token": nil], ["access_token": "a\r\nb"], ["access_token": ""],
            ["token_type": "mac"],
            ["token_type": nil], ["id_token": 7],
        ] as [[String: (any Sendable)?]])
    func malformed(change: [String: (any Sendable)?]) async throws {
        let world = try World()
        world.site.set { $0.tokens = change }
        #expect(await world.refusal()?.code == "openid_malformed")
    }

    @Test("is malformed when it is no JSON")
    func notJSON() async throws {
        #expect(try await refusal { _ in .init(status: 200, body: Data("<html>".utf8)) }?.code == "openid_malformed")
    }

    @Test("takes bearer in small letters")
    func smallLetters() async throws {
        let world = try World()
        world.site.set { $0.tokens = ["token_type": "bearer"] }
        #expect(await world.refusal() == nil)
    }
}
