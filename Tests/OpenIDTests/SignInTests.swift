import Auth
import Crypto
import Foundation
import Model
import OpenID
import Proxy
import Testing

@Suite("Signing in")
struct SignInTests {
    @Test(
        "gives who the provider says it is, and where they wanted to go",
        arguments: [
            TestKey.rs256(), .es256(), .edDSA(), .ps256(),
        ])
    func works(key: TestKey) async throws {
        let world = try World()
        world.site.set { $0.keys = [key] }
        if key.algorithm == "EdDSA" {
            let hash = Data(SHA512.hash(data: Data(TestProvider.accessToken.utf8))).prefix(32).base64URL
            world.site.set { $0.claims["at_hash"] = hash }
        }
        let query = try await world.begin(next: "/rooms/tea/", linking: UserID(rawValue: 7))
        let done = try await world.finish("code=the-code&state=\(query["state"]!)", signedIn: UserID(rawValue: 7))
        let identity = Identity(
            issuer: TestProvider.issuer, subject: "alice", email: "alice@chat.example", emailIsVerified: true,
            name: "Alice", preferredUsername: nil, locale: nil)
        #expect(done.identity == identity)
        #expect(done.next == LocalPath("/rooms/tea/") && done.linking == UserID(rawValue: 7))
    }

    @Test("asks for a code, and nothing in the address is the same twice")
    func authorizationRequest() async throws {
        let world = try World()
        let (one, two) = (try await world.begin(), try await world.begin())
        #expect(one["response_type"] == "code" && one["client_id"] == TestProvider.clientID)
        #expect(one["redirect_uri"] == "https://chat.example/talk/auth/example/callback/")
        #expect(one["scope"] == "openid email profile" && one["code_challenge_method"] == "S256")
        for name in ["state", "nonce", "code_challenge"] {
            #expect(one[name]!.wholeMatch(of: /[A-Za-z0-9_-]{43}/) != nil && one[name] != two[name])
        }
        #expect(Set(["state", "nonce", "code_challenge"].map { one[$0]! }).count == 3)
    }

    @Test(
        "keeps what the authorization endpoint's query had",
        arguments: [
            ("?tenant=7", "?tenant=7&response_type=code&"), ("?", "?response_type=code&"), ("", "?response_type=code&"),
        ])
    func authorizationQuery(query: String, begin: String) async throws {
        let world = try World()
        world.site.set { $0.discovery["authorization_endpoint"] = TestProvider.authorizationEndpoint + query }
        let url = try await world.party.begin(browser: World.browser, next: nil)
        #expect(url.hasPrefix(TestProvider.authorizationEndpoint + begin))
    }

    @Test("sends the verifier whose S256 challenge the browser brought (RFC 7636)")
    func pkce() async throws {
        let world = try World()
        let query = try await world.begin()
        _ = try await world.finish("code=the-code&state=\(query["state"]!)")
        let verifier = try #require(exchange(world)["code_verifier"])
        #expect(verifier.wholeMatch(of: /[A-Za-z0-9._~-]{43,128}/) != nil)
        #expect(Data(SHA256.hash(data: Data(verifier.utf8))).base64URL == query["code_challenge"])
        #expect(!query.values.contains(verifier))
    }

    @Test(
        "shows the client's secret as the provider wants it: in the header, with its colon escaped",
        arguments: [
            nil, ["client_secret_basic"], ["client_secret_post", "client_secret_basic"],
        ])
    func basic(offered: [String]?) async throws {
        let world = try World()
        world.site.set { $0.discovery["token_endpoint_auth_methods_supported"] = .some(offered) }
        _ = try await world.signIn()
        let request = world.site.requests(to: TestProvider.tokenEndpoint)[0]
        let pair = Data("parley%20client:s%3Ae%25c%2Bret".utf8).base64EncodedString()
        #expect(request.headers["authorization"] == "Basic \(pair)")
        #expect(exchange(world)["client_secret"] == nil && exchange(world)["client_id"] == nil)
        #expect(exchange(world)["code"] == "the-code" && exchange(world)["grant_type"] == "authorization_code")
        #expect(exchange(world)["redirect_uri"] == world.party.redirectURI)
    }

    @Test("shows the client's secret as the provider wants it: in the body")
    func post() async throws {
        let world = try World()
        world.site.set { $0.discovery["token_endpoint_auth_methods_supported"] = ["client_secret_post"] }
        _ = try await world.signIn()
        let request = world.site.requests(to: TestProvider.tokenEndpoint)[0]
        #expect(request.method == .post && request.headers["authorization"] == nil)
        #expect(request.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(exchange(world)["client_secret"] == TestProvider.secret)
        #expect(exchange(world)["client_id"] == TestProvider.clientID)
    }

    @Test("works without a secret, by PKCE alone")
    func publicClient() async throws {
        let world = try World(secret: nil)
        _ = try await world.signIn()
        #expect(exchange(world)["client_secret"] == nil && exchange(world)["client_id"] == TestProvider.clientID)
    }

    @Test("asks userinfo for the address only where the ID token has none")
    func userInfo() async throws {
        let world = try World()
        _ = try await world.signIn()
        #expect(world.site.requests(to: TestProvider.userInfoEndpoint).isEmpty)
        world.site.set {
            $0.claims = ["email": nil, "email_verified": nil, "name": nil]
            $0.userInfo = ["sub": "alice", "email": "a@chat.example", "email_verified": "true", "name": "Al"]
        }
        let identity = try await world.signIn().identity
        #expect(identity.email == "a@chat.example" && identity.emailIsVerified && identity.name == "Al")
        let request = world.site.requests(to: TestProvider.userInfoEndpoint)[0]
        #expect(request.headers["authorization"] == "Bearer \(TestProvider.accessToken)")
    }

    @Test("does not ask userinfo for an address that was not asked for")
    func noScope() async throws {
        let world = try World(scopes: ["openid"])
        world.site.set { $0.claims = ["email": nil] }
        #expect(try await world.signIn().identity.email == nil)
        #expect(world.site.requests(to: TestProvider.userInfoEndpoint).isEmpty)
    }

    @Test(
        "takes an address as verified only where the provider says so",
        arguments: [
            (true as any Sendable, true), ("true", true), (false, false), ("false", false), ("yes", false), (1, false),
            (nil, false),
        ] as [((any Sendable)?, Bool)])
    func verified(value: (any Sendable)?, isVerified: Bool) async throws {
        let world = try World()
        world.site.set { $0.claims["email_verified"] = .some(value) }
        #expect(try await world.signIn().identity.emailIsVerified == isVerified)
    }

    @Test(
        "takes no address that could end a mail's header, and no control character in a name",
        arguments: [
            "a@b@c", "@b", "a@", "a b@c", "a@c\r\nBcc: x@y", "a@b>,<c", "ä@c",
            String(repeating: "a", count: 250) + "@b.example",
        ])
    func hostileProfile(email: String) async throws {
        let world = try World()
        world.site.set {
            $0.claims["email"] = email
            $0.claims["name"] = "  A\u{0}l\r\nice\u{85} "
            $0.claims["preferred_username"] = 7
        }
        let identity = try await world.signIn().identity
        #expect(identity.email == nil && !identity.emailIsVerified)
        #expect(identity.name == "Alice" && identity.preferredUsername == nil)
    }

    @Test("puts no secret into the text of what it sends or is set to")
    func noSecretInTexts() async throws {
        let world = try World()
        _ = try await world.begin()
        let attempt = try #require(world.attempts.all.first)
        _ = try await world.signIn()
        let request = world.site.requests(to: TestProvider.tokenEndpoint)[0]
        let texts = [
            "\(request)", String(reflecting: request), "\(world.party.provider)",
            String(reflecting: world.party.provider), "\(world.party)", "\(attempt)", String(reflecting: attempt),
        ]
        let verifier = try #require(exchange(world)["code_verifier"])
        let authorization = try #require(request.headers["authorization"])
        for text in texts {
            for secret in [TestProvider.secret, "the-code", verifier, authorization, attempt.verifier] {
                #expect(!text.contains(secret))
            }
        }
        #expect(texts[0] == "POST https://id.example/token")
    }

    /// The fields of the first exchange.
    private func exchange(_ world: World) -> [String: String] {
        let body = world.site.requests(to: TestProvider.tokenEndpoint)[0].body ?? Data()
        let items = URLComponents(string: "?" + String(decoding: body, as: UTF8.self))?.queryItems ?? []
        return Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value ?? "") })
    }
}
