import Foundation
import Model
import OpenID
import Proxy
import Testing

@Suite("A discovery document")
struct DiscoveryTests {
    private func refusal(_ change: [String: (any Sendable)?]) async throws -> OpenIDError? {
        let world = try World()
        world.site.set { $0.discovery = change }
        return await refusalOf { _ = try await world.begin() }
    }

    @Test(
        "must be that of the issuer, to the letter",
        arguments: [
            "https://evil.example", "https://id.example/", "https://ID.example", "http://id.example", "",
        ])
    func otherIssuer(issuer: String) async throws {
        #expect(try await refusal(["issuer": issuer]) == .otherIssuer(issuer))
    }

    @Test(
        "must name https addresses and nothing else",
        arguments: ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"],
        [
            "http://id.example/x", "http://localhost/x", "javascript:alert(1)", "file:///etc/passwd", "//id.example/x",
            "/x", "",
            "https://", "https://a@id.example/x", "https://a:b@id.example/x", "https://id.example/x#y",
            "https://id.example/\r\nx",
            "https://id.example/ x", "https://id.example/\"x", "https://id.example\\@evil.example/",
            "https://" + String(repeating: "a", count: 2048),
        ])
    func insecure(name: String, url: String) async throws {
        #expect(try await refusal([name: url]) == .insecureEndpoint(name: name, url: url))
    }

    @Test(
        "is refused without what a sign-in needs",
        arguments: [
            "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri",
        ])
    func missing(name: String) async throws {
        let expected = OpenIDError.malformed(what: "the discovery document", reason: "\(name) is missing")
        #expect(try await refusal([name: nil as (any Sendable)?]) == expected)
        #expect(try await refusal([name: 7])?.code == "openid_malformed")
    }

    @Test("may go without userinfo")
    func noUserInfo() async throws {
        let world = try World()
        world.site.set {
            $0.discovery["userinfo_endpoint"] = .some(nil)
            $0.claims["email"] = .some(nil)
        }
        #expect(try await world.signIn().identity.email == nil)
    }

    @Test("must offer a signature and a way of showing the secret that we have")
    func nothingInCommon() async throws {
        let signatures = try await refusal(["id_token_signing_alg_values_supported": ["none", "HS256", "RS512"]])
        #expect(signatures == .nothingInCommon("signature algorithm of ID tokens"))
        let secrets = try await refusal(["token_endpoint_auth_methods_supported": ["private_key_jwt", "none"]])
        #expect(secrets == .nothingInCommon("way of showing a client's secret"))
    }

    @Test(
        "is refused when it is huge, no JSON, elsewhere or not there",
        arguments: [
            (200, String(repeating: " ", count: 65_537), "openid_answer_too_large"),
            (200, "<html>", "openid_malformed"), (200, "[]", "openid_malformed"),
            (200, String(repeating: "[", count: 60_000), "openid_malformed"),
            (302, "", "openid_bad_status"), (404, "", "openid_bad_status"),
        ])
    func unusable(status: Int, text: String, code: String) async throws {
        let world = try World()
        world.site.set { state in
            state.answers[TestProvider.issuer + "/.well-known/openid-configuration"] = { _ in
                OpenIDResponse(status: status, body: Data(text.utf8))
            }
        }
        #expect(await refusalOf { _ = try await world.begin() }?.code == code)
        #expect(world.attempts.all.isEmpty)
    }

    @Test("is fetched once for an hour")
    func cached() async throws {
        let world = try World()
        let url = TestProvider.issuer + "/.well-known/openid-configuration"
        for _ in 1...3 { _ = try await world.begin() }
        world.wait(3599)
        _ = try await world.begin()
        #expect(world.site.requests(to: url).count == 1)
        world.wait(1)
        _ = try await world.begin()
        #expect(world.site.requests(to: url).count == 2)
    }

    @Test(
        "may name http addresses on this machine, if the issuer is there",
        arguments: [
            "http://localhost:9400", "http://127.0.0.1:9400", "http://127.1.2.3", "http://[::1]:9400",
        ])
    func loopback(issuer: String) throws {
        let provider = try provider(issuer: issuer)
        func document(_ endpoint: String) -> Data {
            json([
                "issuer": issuer, "authorization_endpoint": endpoint, "token_endpoint": endpoint, "jwks_uri": endpoint,
            ])
        }
        for endpoint in [issuer + "/x", "http://localhost/x", "https://id.example/x"] {
            #expect(try Discovery(document(endpoint), of: provider).tokenEndpoint == endpoint)
        }
        for endpoint in [
            "http://id.example/x", "http://127.0.0.1.id.example/x", "http://127.0.0/x", "http://localhost.example/x",
        ] {
            #expect(throws: OpenIDError.insecureEndpoint(name: "authorization_endpoint", url: endpoint)) {
                try Discovery(document(endpoint), of: provider)
            }
        }
    }

    private func provider(issuer: String) throws -> Provider {
        try Provider(name: "x", displayName: "X", issuer: issuer, clientID: "c", secret: "s")
    }
}

@Suite("A provider's settings")
struct ProviderTests {
    @Test(
        "are refused, with the part that is wrong",
        arguments: [
            ("Name", "D", "https://a", "c", "s", ["openid"], "name"),
            ("", "D", "https://a", "c", "s", ["openid"], "name"),
            ("../x", "D", "https://a", "c", "s", ["openid"], "name"),
            ("x", "", "https://a", "c", "s", ["openid"], "display name"),
            ("x", "D", "http://a", "c", "s", ["openid"], "issuer"),
            ("x", "D", "https://a?b", "c", "s", ["openid"], "issuer"),
            ("x", "D", "https://a#b", "c", "s", ["openid"], "issuer"), ("x", "D", "a", "c", "s", ["openid"], "issuer"),
            ("x", "D", "https://a", "", "s", ["openid"], "client id"),
            ("x", "D", "https://a", "c\n", "s", ["openid"], "client id"),
            ("x", "D", "https://a", "c", "", ["openid"], "secret"),
            ("x", "D", "https://a", "c", "s", ["email"], "scopes"),
            ("x", "D", "https://a", "c", "s", ["openid", "a b"], "scopes"),
        ])
    func refused(
        name: String, displayName: String, issuer: String, clientID: String, secret: String, scopes: [String],
        part: String
    ) {
        let error = #expect(throws: ProviderSettingError.self) {
            try Provider(
                name: name, displayName: displayName, issuer: issuer, clientID: clientID, secret: secret, scopes: scopes
            )
        }
        #expect(error?.part == part)
    }

    @Test("of Google need a client alone")
    func google() throws {
        let google = try Provider.google(clientID: "c", secret: "s")
        #expect(google.name == "google" && google.issuer == "https://accounts.google.com")
    }
}
