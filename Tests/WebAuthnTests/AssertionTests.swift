import Foundation
import Testing

@testable import WebAuthn

@Suite("Signing in with a credential")
struct AssertionTests {
    typealias Answer = SoftwareAuthenticator.Answer

    private let site = RelyingParty.example
    private let challenge = Challenge.fresh()

    private func known(_ authenticator: SoftwareAuthenticator, signCount: UInt32 = 0) throws -> KnownCredential {
        KnownCredential(
            id: authenticator.id, user: authenticator.user,
            publicKey: try CredentialPublicKey(cose: Data(authenticator.cose)), signCount: signCount,
            isBackupEligible: authenticator.flags.contains(.backupEligible))
    }

    @discardableResult
    private func verify(
        _ answer: Answer, _ credential: KnownCredential, _ identification: Identification = .byCredential,
        _ verification: UserVerification = .required
    ) throws -> VerifiedAssertion {
        try site.verify(
            answer.assertion(), by: credential, identification, challenge: challenge, userVerification: verification)
    }

    @Test("works with each algorithm", arguments: SignatureAlgorithm.allCases)
    func works(algorithm: SignatureAlgorithm) throws {
        var authenticator = try SoftwareAuthenticator(algorithm)
        authenticator.flags.formUnion([.backupEligible, .backedUp])
        authenticator.signCount = 7
        let verified = try verify(try authenticator.sign(challenge), known(authenticator, signCount: 6))
        #expect(verified.signCount == 7 && verified.isBackedUp && verified.isUserVerified && verified.findings.isEmpty)
        authenticator.flags = .userPresent
        let second = try verify(try authenticator.sign(challenge), known(authenticator), .beforehand, .preferred)
        #expect(!second.isBackedUp && !second.isUserVerified)
    }

    @Test(
        "is refused with what the browser signed over otherwise",
        arguments: [
            ("type", "webauthn.create", WebAuthnError.wrongCeremony), ("type", "webauthn.get ", .wrongCeremony),
            ("challenge", Challenge.fresh().text, .wrongChallenge), ("challenge", "", .wrongChallenge),
            ("origin", "https://evil.example", .originNotAllowed),
            ("origin", "http://chat.example.org", .originNotAllowed),
            ("origin", "https://chat.example.org/", .originNotAllowed),
            ("origin", "https://chat.example.org:8444", .originNotAllowed),
            ("origin", "https://chat.example.org.evil.example", .originNotAllowed),
            ("origin", "https://sub.chat.example.org", .originNotAllowed),
            ("origin", "https://CHAT.example.org", .originNotAllowed), ("origin", "null", .originNotAllowed),
            ("topOrigin", "https://evil.example", .crossOrigin),
        ])
    func client(member: String, value: String, expected: WebAuthnError) throws {
        let authenticator = try SoftwareAuthenticator()
        let answer = try authenticator.sign(challenge) { $0.client[member] = value }
        #expect(reason { try verify(answer, known(authenticator)) } == expected)
    }

    @Test("is refused within a frame, and where client data is missing or of another type")
    func clientTypes() throws {
        let authenticator = try SoftwareAuthenticator()
        let credential = try known(authenticator)
        let framed = try authenticator.sign(challenge) { $0.client["crossOrigin"] = true }
        #expect(reason { try verify(framed, credential) } == .crossOrigin)
        for member in ["type", "challenge", "origin"] {
            for value in [nil, 1, NSNull(), ["a"]] as [Any?] {
                let answer = try authenticator.sign(challenge) { $0.client[member] = value }
                #expect(reason { try verify(answer, credential) } == .clientDataMalformed)
            }
        }
        let plain = try authenticator.sign(challenge) { $0.client["crossOrigin"] = nil }
        try verify(plain, credential)
        for text in ["", "[]", "{", "\u{FEFF}\u{FEFF}{}", "null", "{}{}", "{}\u{0}"] {
            let answer = try authenticator.sign(challenge) { $0.clientDataJSON = Data(text.utf8) }
            #expect(reason { try verify(answer, credential) } == .clientDataMalformed, "\(text)")
        }
        let json = try plain.clientData()
        let wide = String(decoding: json, as: UTF8.self).data(using: .utf16LittleEndian)
        let utf16 = try authenticator.sign(challenge) { $0.clientDataJSON = wide }
        #expect(reason { try verify(utf16, credential) } == .clientDataMalformed)
        let marked = try authenticator.sign(challenge) { $0.clientDataJSON = Data([0xEF, 0xBB, 0xBF]) + json }
        try verify(marked, credential)
    }

    @Test("is refused for another site, without a touch, and without verification where it is required")
    func authenticator() throws {
        var authenticator = try SoftwareAuthenticator()
        let credential = try known(authenticator)
        authenticator.relyingParty = "evil.example"
        #expect(reason { try verify(authenticator.sign(challenge), credential) } == .wrongRelyingParty)
        authenticator.relyingParty = site.id
        authenticator.flags = .userVerified
        #expect(reason { try verify(authenticator.sign(challenge), credential) } == .userNotPresent)
        authenticator.flags = .userPresent
        #expect(reason { try verify(authenticator.sign(challenge), credential) } == .userNotVerified)
        for verification in [UserVerification.preferred, .discouraged] {
            let verified = try verify(authenticator.sign(challenge), credential, .byCredential, verification)
            #expect(!verified.isUserVerified)
        }
    }

    @Test("is refused where the backup flags cannot be")
    func backup() throws {
        var authenticator = try SoftwareAuthenticator()
        let credential = try known(authenticator)
        authenticator.flags.insert(.backedUp)
        #expect(reason { try verify(authenticator.sign(challenge), credential) } == .backedUpWithoutBeingEligible)
        authenticator.flags.insert(.backupEligible)
        #expect(reason { try verify(authenticator.sign(challenge), credential) } == .backupEligibilityChanged)
        let eligible = try known(authenticator)
        authenticator.flags.subtract([.backupEligible, .backedUp])
        #expect(reason { try verify(authenticator.sign(challenge), eligible) } == .backupEligibilityChanged)
    }

    @Test("is refused with another credential, or somebody else's")
    func identity() throws {
        let puck = try SoftwareAuthenticator()
        var other = try SoftwareAuthenticator()
        let credential = try known(puck)
        #expect(reason { try verify(other.sign(challenge), credential) } == .credentialIDMismatch)
        // Somebody else's signature, over everything that is asked for, under Puck's id.
        other.id = puck.id
        other.user = puck.user
        #expect(reason { try verify(other.sign(challenge), credential) } == .signatureInvalid)
        var stolen = try puck.sign(challenge)
        stolen.userHandle = UserHandle.fresh()
        for identification in [Identification.beforehand, .byCredential] {
            #expect(reason { try verify(stolen, credential, identification) } == .userHandleMismatch)
        }
        for handle in [nil, UserHandle(bytes: Data())] {
            stolen.userHandle = handle
            #expect(reason { try verify(stolen, credential) } == .userHandleMissing)
            try verify(stolen, credential, .beforehand)
        }
    }

    @Test("is refused with an answer to an earlier question")
    func replay() throws {
        let authenticator = try SoftwareAuthenticator()
        let earlier = try authenticator.sign(Challenge.fresh())
        #expect(reason { try verify(earlier, known(authenticator)) } == .wrongChallenge)
        var patched = earlier
        patched.client["challenge"] = challenge.text
        #expect(reason { try verify(patched, known(authenticator)) } == .signatureInvalid)
    }

    @Test("is refused with any bit flipped, and cut off at any byte", arguments: SignatureAlgorithm.allCases)
    func flipped(algorithm: SignatureAlgorithm) throws {
        let authenticator = try SoftwareAuthenticator(algorithm)
        let credential = try known(authenticator)
        let right = try authenticator.sign(challenge)
        try verify(right, credential)
        let json = try right.clientData()
        let signature = try #require(right.signature)
        func isRefused(_ change: (inout Answer) -> Void) -> Bool {
            var answer = right
            change(&answer)
            return reason { try verify(answer, credential, .byCredential, .discouraged) } != nil
        }
        for bit in 0..<right.authenticatorData.count * 8 {
            #expect(
                isRefused { $0.authenticatorData[bit / 8] ^= 1 << UInt8(bit % 8) }, "authenticator data, bit \(bit)")
        }
        for bit in 0..<json.count * 8 {
            #expect(isRefused { $0.clientDataJSON = flipping(bit, in: json) }, "client data, bit \(bit)")
        }
        for bit in 0..<signature.count * 8 {
            #expect(isRefused { $0.signature = flipping(bit, in: signature) }, "signature, bit \(bit)")
        }
        for count in 0..<right.authenticatorData.count {
            #expect(isRefused { $0.authenticatorData = Array($0.authenticatorData.prefix(count)) }, "\(count)")
        }
        for count in 0..<json.count { #expect(isRefused { $0.clientDataJSON = json.prefix(count) }, "\(count)") }
        for count in 0..<signature.count { #expect(isRefused { $0.signature = signature.prefix(count) }, "\(count)") }
        #expect(isRefused { $0.authenticatorData.append(0) } && isRefused { $0.signature?.append(0) })
    }

    private func flipping(_ bit: Int, in bytes: Data) -> Data {
        var bytes = Array(bytes)
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return Data(bytes)
    }

    @Test(
        "finds that the count did not rise, and keeps the higher one",
        arguments: [
            (kept: UInt32(0), shown: UInt32(0), odd: false), (0, 1, false), (5, 6, false), (5, 500, false),
            (5, 5, true), (5, 4, true), (5, 0, true), (.max, .max, true),
        ])
    func counts(kept: UInt32, shown: UInt32, odd: Bool) throws {
        var authenticator = try SoftwareAuthenticator()
        authenticator.signCount = shown
        let verified = try verify(authenticator.sign(challenge), known(authenticator, signCount: kept))
        #expect(verified.signCount == max(kept, shown))
        #expect(verified.findings == (odd ? [.signCountDidNotRise(kept: kept, shown: shown)] : []))
    }

    @Test("passes over extensions, and is refused where they are no map")
    func extensions() throws {
        let authenticator = try SoftwareAuthenticator()
        let credential = try known(authenticator)
        func answer(_ extensions: [UInt8]) throws -> Answer {
            try authenticator.sign(challenge) {
                $0.authenticatorData = authenticator.data(authenticator.flags.union(.extensions)) + extensions
            }
        }
        try verify(answer([0xA1, 0x61, 0x61, 0xF5]), credential)
        #expect(reason { try verify(answer([0x80]), credential) } == .extensionsMalformed)
        #expect(reason { try verify(answer([]), credential) } == .cbor(.truncated))
        #expect(reason { try verify(answer([0xA0, 0xA0]), credential) } == .authenticatorDataTrailingBytes)
    }
}
