import Foundation
import OpenID
import Testing

@Suite("A refusal")
struct ErrorTests {
    /// Each with as much as can come from outside.
    private static let all: [OpenIDError] = {
        let evil = String(repeating: "evil ", count: 2000)
        return [
            .answerMalformed("r"), .stateUnknown, .stateExpired, .stateReplayed, .otherBrowser, .otherProvider("p"),
            .otherPerson, .mixedUp(issuer: evil), .providerRefused(error: evil), .unreachable(what: "w", reason: evil),
            .badStatus(what: "w", status: 500), .answerTooLarge(what: "w"), .malformed(what: "w", reason: evil),
            .otherIssuer(evil), .insecureEndpoint(name: "n", url: evil), .nothingInCommon("w"), .codeRefused,
            .clientRefused(error: evil), .exchangeRefused(error: evil), .tokenMalformed(evil), .tokenUnsigned,
            .algorithmRefused(evil), .keyUnknown(id: evil), .signatureWrong, .issuerWrong(evil), .audienceWrong([evil]),
            .authorizedPartyWrong(evil), .tokenExpired, .tokenFromTheFuture, .nonceWrong, .accessTokenWrong,
            .subjectWrong(evil),
        ]
    }()

    @Test("has a code of its own")
    func codes() {
        let codes = Self.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.wholeMatch(of: /openid_[a-z_]+/) != nil })
    }

    @Test("tells the visitor one or two sentences, with nothing in them that came from outside")
    func sentences() {
        for error in Self.all {
            let sentence = error.sentence(provider: "Example")
            #expect(sentence.hasSuffix(".") && sentence.count < 160 && !sentence.contains("evil"), "\(error.code)")
        }
    }

    @Test("tells the log no more of what came from outside than 200 characters")
    func logLines() {
        for error in Self.all { #expect((10..<320).contains(error.logLine.count), "\(error.code)") }
    }

    @Test("is temporary where signing in anew may work")
    func temporary() {
        #expect(OpenIDError.providerRefused(error: "temporarily_unavailable").isTemporary)
        #expect(!OpenIDError.providerRefused(error: "invalid_scope").isTemporary)
        #expect(OpenIDError.badStatus(what: "w", status: 503).isTemporary)
        #expect(!OpenIDError.badStatus(what: "w", status: 404).isTemporary)
        #expect(!OpenIDError.signatureWrong.isTemporary && OpenIDError.stateExpired.isTemporary)
    }
}
