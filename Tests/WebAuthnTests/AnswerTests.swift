import Foundation
import Testing

@testable import WebAuthn

@Suite("An answer's JSON")
struct AnswerTests {
    private func assertion(_ change: (inout [String: Any]) -> Void) throws -> Data {
        var answer: [String: Any] = [
            "id": "AQID", "rawId": "AQID", "type": "public-key", "clientExtensionResults": [String: Any](),
            "response": ["clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"],
        ]
        change(&answer)
        return try JSONSerialization.data(withJSONObject: answer)
    }

    @Test("is read, with or without the members that are not looked at")
    func whole() throws {
        let answer = try AssertionResponse(json: assertion { _ in })
        #expect(answer.id == CredentialID(bytes: Data([1, 2, 3])) && answer.userHandle == nil)
        #expect(try AssertionResponse(json: assertion { $0["clientExtensionResults"] = nil }) == answer)
    }

    @Test("is refused where a member is missing or of another type", arguments: ["id", "rawId", "type", "response"])
    func members(name: String) throws {
        for value in [nil, 1, [1], NSNull()] as [Any?] {
            let json = try assertion { $0[name] = value }
            #expect(throws: WebAuthnError.responseMalformed) { try AssertionResponse(json: json) }
        }
    }

    @Test(
        "is refused where bytes are not Base64 for URLs, strictly",
        arguments: ["AQID=", "AQ==", "A", "AQ+D", "AQ/D", "AQ D", "AR", "\u{E9}", "AQID\n"])
    func base64(text: String) throws {
        #expect(CredentialID(text: text) == nil)
        let json = try assertion { $0["rawId"] = text }
        #expect(throws: WebAuthnError.responseMalformed) { try AssertionResponse(json: json) }
    }

    @Test("has bytes that come back, whatever they are")
    func roundTrip() {
        for count in 0..<70 {
            let challenge = Challenge(bytes: Data((0..<count).map { _ in UInt8.random(in: .min ... .max) }))
            #expect(Challenge(text: challenge.text) == challenge)
        }
    }

    @Test("is refused when it is no JSON, in UTF-16, or too long")
    func broken() throws {
        for json in [Data(), Data("[]".utf8), Data("{".utf8), Data([0xFF])] {
            #expect(throws: WebAuthnError.responseMalformed) { try AssertionResponse(json: json) }
            #expect(throws: WebAuthnError.responseMalformed) { try RegistrationResponse(json: json) }
        }
        let plain = try assertion { _ in }
        let wide = try #require(String(decoding: plain, as: UTF8.self).data(using: .utf16LittleEndian))
        #expect(throws: WebAuthnError.responseMalformed) { try AssertionResponse(json: wide) }
        let padding = Data(repeating: UInt8(ascii: " "), count: CredentialJSON.bytesMax - plain.count)
        #expect(throws: Never.self) { try AssertionResponse(json: plain + padding) }
        #expect(throws: WebAuthnError.responseTooLong) { try AssertionResponse(json: plain + padding + [32]) }
    }

    @Test("keeps of the transports what may be the name of one, each once")
    func transports() throws {
        let names = ["usb", "usb", "smart-card", "", "<b>", "USB", String(repeating: "a", count: 33), "internal", "x2"]
        func answer(_ transports: Any) throws -> RegistrationResponse {
            try RegistrationResponse(
                json: assertion {
                    $0["response"] = ["clientDataJSON": "e30", "attestationObject": "AA", "transports": transports]
                })
        }
        #expect(try answer(names).transports == ["internal", "smart-card", "usb", "x2"])
        #expect(try answer((0..<100).map { "t\($0)" }).transports.count == 8)
        #expect(try answer(NSNull()).transports.isEmpty)
    }

    @Test("has reasons to be refused that each read differently")
    func sentences() {
        let reasons: [WebAuthnError] = [
            .responseTooLong, .responseMalformed, .notAPublicKeyCredential, .idMismatch, .clientDataMalformed,
            .wrongCeremony, .wrongChallenge, .originNotAllowed, .crossOrigin, .cbor(.truncated), .cbor(.tag),
            .attestationObjectMalformed, .attestationStatementMalformed, .authenticatorDataTruncated,
            .authenticatorDataTrailingBytes, .extensionsMalformed, .wrongRelyingParty, .userNotPresent,
            .userNotVerified, .backedUpWithoutBeingEligible, .backupEligibilityChanged, .credentialMissing,
            .credentialIDLength, .credentialIDMismatch, .publicKeyMalformed, .algorithmNotOffered, .userHandleMissing,
            .userHandleMismatch, .signatureInvalid,
        ]
        #expect(Set(reasons.map(\.description)).count == reasons.count)
        #expect(reasons.allSatisfy { $0.description.hasSuffix(".") })
    }

    @Test("is to a challenge of 32 bytes, and about a person of 64, others each time")
    func fresh() {
        let challenges = (0..<20).map { _ in Challenge.fresh().bytes }
        let handles = (0..<20).map { _ in UserHandle.fresh().bytes }
        #expect(Set(challenges).count == 20 && challenges.allSatisfy { $0.count == 32 })
        #expect(Set(handles).count == 20 && handles.allSatisfy { $0.count == 64 })
    }
}
