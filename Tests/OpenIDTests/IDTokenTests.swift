import Auth
import Crypto
import Foundation
import Model
import OpenID
import Testing

@Suite("An ID token")
struct IDTokenTests {
    private func refusal(_ change: @Sendable (inout TestProvider.State) -> Void) async throws -> OpenIDError? {
        let world = try World()
        world.site.set(change)
        return await world.refusal()
    }

    @Test("is refused when it is not signed", arguments: ["none", "None", "NONE"])
    func unsigned(name: String) async throws {
        #expect(try await refusal { $0.header["alg"] = name } == .tokenUnsigned)
        let refusal = try await refusal { state in
            let header = Data(#"{"alg":"\#(name)"}"#.utf8).base64URL
            state.token = header + "." + Data(#"{"sub":"alice"}"#.utf8).base64URL + "."
        }
        #expect(refusal == .tokenUnsigned)
    }

    @Test("is refused with an HMAC whose key is the provider's public one")
    func confusedKey() async throws {
        let refusal = try await refusal { state in
            let key = TestKey.rs256()
            let text = key.sign(["sub": "alice"], header: ["alg": "HS256"]).split(separator: ".").prefix(2)
                .joined(separator: ".")
            let code = HMAC<SHA256>.authenticationCode(
                for: Data(text.utf8), using: SymmetricKey(data: Data(key.publicPEM.utf8)))
            state.token = "\(text).\(Data(code).base64URL)"
        }
        #expect(refusal == .algorithmRefused("HS256"))
    }

    @Test("is refused with an algorithm that is not one of ours", arguments: ["RS384", "rs256", "ES512", "HS512", ""])
    func otherAlgorithm(name: String) async throws {
        #expect(try await refusal { $0.header["alg"] = name } == .algorithmRefused(name))
    }

    @Test("is refused when its alg is not that of the key that it names")
    func algorithmOfAnotherKey() async throws {
        let refusal = try await refusal { $0.header["alg"] = "ES256" }
        #expect(refusal == .keyUnknown(id: "rsa"))
    }

    @Test(
        "is refused when another key signed it under the same name",
        arguments: [
            (TestKey.rs256("k"), TestKey.rs256("k", number: 1)), (.es256("k"), .es256("k")), (.edDSA("k"), .edDSA("k")),
        ])
    func badSignature(published: TestKey, signer: TestKey) async throws {
        let refusal = try await refusal { state in
            state.keys = [published]
            state.signer = signer
        }
        #expect(refusal == .signatureWrong)
    }

    @Test("is refused when its claims were changed after signing")
    func changedClaims() async throws {
        let world = try World()
        let query = try await world.begin()
        let parts = TestKey.rs256().sign(["nonce": query["nonce"]!]).split(separator: ".").map(String.init)
        let claims = json(["nonce": query["nonce"]!, "sub": "eve"]).base64URL
        world.site.set { $0.token = [parts[0], claims, parts[2]].joined(separator: ".") }
        #expect(
            await refusalOf { _ = try await world.finish("code=c&state=\(query["state"]!)") } == .signatureWrong)
    }

    @Test("is refused without a signature, whatever its alg says")
    func emptySignature() async throws {
        let refusal = try await refusal { state in
            let parts = TestKey.rs256().sign(["sub": "alice"]).split(separator: ".")
            state.token = "\(parts[0]).\(parts[1])."
        }
        #expect(refusal == .signatureWrong)
    }

    @Test(
        "is refused from another issuer, even one that differs by a slash",
        arguments: [
            "https://evil.example", "https://id.example/", "HTTPS://id.example", "id.example", "",
        ])
    func otherIssuer(issuer: String) async throws {
        #expect(try await refusal { $0.claims["iss"] = issuer } == .issuerWrong(issuer))
    }

    @Test("is refused for another audience", arguments: ["other", "Parley client", "parley client "])
    func otherAudience(name: String) async throws {
        #expect(try await refusal { $0.claims["aud"] = name } == .audienceWrong([name]))
        #expect(try await refusal { $0.claims["aud"] = [name, "x"] } == .audienceWrong([name, "x"]))
    }

    @Test("for several audiences needs to have been asked for by us (azp)")
    func authorizedParty() async throws {
        let both = [TestProvider.clientID, "other"]
        #expect(try await refusal { $0.claims["aud"] = both } == .authorizedPartyWrong(nil))
        #expect(
            try await refusal { $0.claims.merge(["aud": both, "azp": "other"]) { $1 } }
                == .authorizedPartyWrong("other"))
        #expect(try await refusal { $0.claims["azp"] = "other" } == .authorizedPartyWrong("other"))
        #expect(try await refusal { $0.claims.merge(["aud": both, "azp": TestProvider.clientID]) { $1 } } == nil)
    }

    @Test("is refused from the second on in which it expires")
    func expired() async throws {
        let now = 1_700_000_000
        #expect(try await refusal { $0.claims["exp"] = now } == .tokenExpired)
        #expect(try await refusal { $0.claims["exp"] = -1e300 } == .tokenExpired)
        #expect(try await refusal { $0.claims["exp"] = Double(now) + 0.5 } == nil)
    }

    @Test("is refused when it was issued more than a minute from now", arguments: ["iat", "nbf"])
    func fromTheFuture(claim: String) async throws {
        let now = 1_700_000_000
        #expect(try await refusal { $0.claims[claim] = now + 61 } == .tokenFromTheFuture)
        #expect(try await refusal { $0.claims[claim] = 1e300 } == .tokenFromTheFuture)
        #expect(try await refusal { $0.claims[claim] = now + 60 } == nil)
    }

    @Test("is refused with the nonce of another sign-in, or none")
    func otherNonce() async throws {
        #expect(try await refusal { $0.claims["nonce"] = "other" } == .nonceWrong)
        #expect(try await refusal { $0.claims["nonce"] = .some(nil) } == .nonceWrong)
    }

    @Test("is refused with the hash of another access token, and may have none")
    func otherAccessToken() async throws {
        #expect(try await refusal { $0.tokens["access_token"] = "other" } == .accessTokenWrong)
        #expect(try await refusal { $0.claims["at_hash"] = "" } == .accessTokenWrong)
        #expect(try await refusal { $0.claims["at_hash"] = .some(nil) } == nil)
    }

    @Test(
        "is refused without a subject that can be one", arguments: ["", "é", "a\n", String(repeating: "a", count: 256)])
    func subject(text: String) async throws {
        #expect(try await refusal { $0.claims["sub"] = text }?.code == "openid_token_malformed")
    }

    @Test("is refused without a claim that it must have", arguments: ["iss", "sub", "aud", "exp", "iat"])
    func missing(claim: String) async throws {
        #expect(
            try await refusal { $0.claims[claim] = .some(nil) } == .tokenMalformed("claims: \(claim) is missing"))
        #expect(try await refusal { $0.claims[claim] = [[1]] }?.code == "openid_token_malformed")
    }

    @Test(
        "is malformed when it is none",
        arguments: [
            "", "x", "a.b", "a.b.c.d.e", "..", "a.b.c", "e30.e30.e30", "{}.{}.{}", "eyJhbGciOiJSUzI1NiJ9.e30=.e30=",
            String(repeating: "a", count: 17_000),
        ])
    func malformed(text: String) async throws {
        #expect(try await refusal { $0.token = text }?.code == "openid_token_malformed")
    }

    @Test("is refused when it is longer than 16 KiB, even if all of it is right")
    func tooLong() async throws {
        #expect(try await refusal { $0.claims["x"] = String(repeating: "x", count: 11_000) } == nil)
        let refusal = try await refusal { $0.claims["x"] = String(repeating: "x", count: 12_300) }
        #expect(refusal == .tokenMalformed("it is too long"))
    }

    @Test("is refused when it must be understood in a way that we do not have (crit)")
    func critical() async throws {
        #expect(try await refusal { $0.header["crit"] = ["b64"] } == .tokenMalformed("header: crit"))
    }

    @Test("and userinfo must be about the same person")
    func userInfoOfAnother() async throws {
        let refusal = try await refusal { state in
            state.claims["email"] = .some(nil)
            state.userInfo = ["sub": "Alice", "email": "alice@chat.example", "email_verified": true]
        }
        #expect(refusal == .subjectWrong("Alice"))
    }
}
