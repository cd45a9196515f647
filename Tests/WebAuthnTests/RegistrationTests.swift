import Crypto
import CryptoExtras
import Foundation
import FuzzTargets
import Testing

@testable import WebAuthn

@Suite("Registering a credential")
struct RegistrationTests {
    typealias Answer = SoftwareAuthenticator.Answer

    private let site = RelyingParty.example
    private let challenge = Challenge.fresh()

    @discardableResult
    private func verify(_ answer: Answer, _ verification: UserVerification = .required) throws -> NewCredential {
        try site.verify(answer.registration(), challenge: challenge, userVerification: verification)
    }

    private func refusal(of change: (inout Answer) -> Void) throws -> WebAuthnError? {
        var answer = try SoftwareAuthenticator().register(challenge)
        change(&answer)
        return reason { try verify(answer) }
    }

    @Test(
        "works with each algorithm, and the key that was kept is the authenticator's",
        arguments: SignatureAlgorithm.allCases)
    func works(algorithm: SignatureAlgorithm) throws {
        var authenticator = try SoftwareAuthenticator(algorithm)
        authenticator.flags.formUnion([.backupEligible, .backedUp])
        let credential = try verify(authenticator.register(challenge))
        #expect(credential.id == authenticator.id && credential.publicKey.algorithm == algorithm)
        #expect(credential.signCount == 1 && credential.transports == ["internal", "usb"])
        #expect(credential.isBackupEligible && credential.isBackedUp && credential.isUserVerified)
        #expect(credential.isDiscoverable == true && credential.aaguid == Data(authenticator.aaguid))
        let known = KnownCredential(
            id: credential.id, user: authenticator.user,
            publicKey: try CredentialPublicKey(cose: credential.publicKey.cose), signCount: 0, isBackupEligible: true)
        let next = Challenge.fresh()
        _ = try site.verify(
            authenticator.sign(next).assertion(), by: known, .byCredential, challenge: next, userVerification: .required
        )
    }

    @Test(
        "is refused with what the browser says otherwise",
        arguments: [
            ("type", "webauthn.get", WebAuthnError.wrongCeremony),
            ("challenge", Challenge.fresh().text, .wrongChallenge),
            ("origin", "https://evil.example", .originNotAllowed), ("topOrigin", "https://evil.example", .crossOrigin),
        ])
    func client(member: String, value: String, expected: WebAuthnError) throws {
        #expect(try refusal { $0.client[member] = value } == expected)
    }

    @Test("is refused for another site, without a touch or verification, and with backup flags that cannot be")
    func flags() throws {
        var authenticator = try SoftwareAuthenticator()
        authenticator.relyingParty = "evil.example"
        #expect(reason { try verify(authenticator.register(challenge)) } == .wrongRelyingParty)
        authenticator.relyingParty = site.id
        authenticator.flags = .userVerified
        #expect(reason { try verify(authenticator.register(challenge)) } == .userNotPresent)
        authenticator.flags = .userPresent
        #expect(reason { try verify(authenticator.register(challenge)) } == .userNotVerified)
        try verify(authenticator.register(challenge), .preferred)
        authenticator.flags = [.userPresent, .userVerified, .backedUp]
        #expect(reason { try verify(authenticator.register(challenge)) } == .backedUpWithoutBeingEligible)
    }

    @Test("is refused where the answer and the authenticator name different credentials")
    func identity() throws {
        let other = CredentialID(bytes: Data([1, 2, 3]))
        #expect(try refusal { $0.id = other } == .idMismatch)
        #expect(
            try refusal {
                $0.id = other
                $0.rawId = other
            } == .credentialIDMismatch)
        #expect(try refusal { $0.type = "password" } == .notAPublicKeyCredential)
    }

    @Test("is refused without a new credential in it")
    func missing() throws {
        let authenticator = try SoftwareAuthenticator()
        let data = authenticator.data(authenticator.flags)
        #expect(try refusal { $0.authenticatorData = data } == .credentialMissing)
    }

    @Test("takes ids of 1 to 1,023 bytes", arguments: [(0, false), (1, true), (1023, true), (1024, false)])
    func idLength(count: Int, isTaken: Bool) throws {
        var authenticator = try SoftwareAuthenticator()
        authenticator.id = CredentialID(bytes: Data(count: count))
        let expected = isTaken ? nil : WebAuthnError.credentialIDLength
        #expect(reason { try verify(authenticator.register(challenge)) } == expected)
    }

    @Test("ignores an attestation's statement, and is refused where none has one")
    func attestation() throws {
        let statement = [CBORPair(key: .text("sig"), value: .bytes([1, 2, 3]))]
        #expect(
            try refusal {
                $0.format = "packed"
                $0.statement = statement
            } == nil)
        #expect(try refusal { $0.statement = statement } == .attestationStatementMalformed)
        #expect(try refusal { $0.attestationObject = [0xA0] } == .attestationObjectMalformed)
        #expect(try refusal { $0.attestationObject = [0x80] } == .attestationObjectMalformed)
        #expect(try refusal { $0.attestationObject = $0.attestation() + [0] } == .cbor(.trailingBytes))
    }

    @Test("is refused when it is cut off at any byte, within the CBOR and within the authenticator data")
    func truncated() throws {
        let answer = try SoftwareAuthenticator().register(challenge)
        let object = answer.attestation()
        for count in object.indices {
            #expect(try refusal { $0.attestationObject = Array(object.prefix(count)) } == .cbor(.truncated))
        }
        for count in answer.authenticatorData.indices {
            var cut = answer
            cut.authenticatorData = Array(answer.authenticatorData.prefix(count))
            #expect([.authenticatorDataTruncated, .cbor(.truncated)].contains(reason { try verify(cut) }), "\(count)")
        }
    }

    @Test("is refused with any bit flipped of what it can be told by: the site, the credential's id, the key's kind")
    func flipped() throws {
        let answer = try SoftwareAuthenticator().register(challenge)
        // Without an attestation nobody vouches for the rest: the count, the model and the key itself. Of the flags, the
        // lowest is that of the touch and 0x40 says that there is a credential.
        let (site, id, kind) = (0..<32, 53..<55 + 32, 55 + 32..<55 + 32 + 10)
        for byte in [Array(site), Array(id), Array(kind)].joined() {
            for bit in UInt8(0)..<8 {
                var changed = answer
                changed.authenticatorData[byte] ^= 1 << bit
                #expect(reason { try verify(changed) } != nil, "bit \(bit) of byte \(byte)")
            }
        }
        for flag in [UInt8(0x01), 0x04, 0x10, 0x40, 0x80] {
            var changed = answer
            changed.authenticatorData[32] ^= flag
            #expect(reason { try verify(changed) } != nil, "flag \(flag)")
        }
        // And whichever it is, a P-256 point is on its curve.
        for bit in 0..<answer.authenticatorData.count * 8 {
            var changed = answer
            changed.authenticatorData[bit / 8] ^= 1 << UInt8(bit % 8)
            let credential = try? verify(changed)
            #expect(credential.map { $0.id == answer.id } ?? true)
        }
    }

    @Test("is refused with a key that is none of ours", arguments: KeyFault.allCases)
    func keys(fault: KeyFault) throws {
        let authenticator = try SoftwareAuthenticator(fault.algorithm)
        let answer = try authenticator.register(challenge, publicKey: fault.key(of: authenticator))
        #expect(reason { try verify(answer) } == fault.expected)
    }

    enum KeyFault: CaseIterable {
        case otherAlgorithm, noAlgorithm, otherType, otherCurve, compressed, offTheCurve, shortCoordinate
        case edOtherCurve, edShort, weakRSA, hugeRSA, leadingZero, evenExponent, notAMap, duplicate

        var algorithm: SignatureAlgorithm {
            switch self {
            case .edOtherCurve, .edShort: .edDSA
            case .weakRSA, .hugeRSA, .leadingZero, .evenExponent: .rs256
            default: .es256
            }
        }

        var expected: WebAuthnError {
            switch self {
            case .otherAlgorithm: .algorithmNotOffered
            case .duplicate: .cbor(.duplicateKey)
            default: .publicKeyMalformed
            }
        }

        func key(of authenticator: SoftwareAuthenticator) throws -> [UInt8] {
            var pairs = try #require(CBORReader.value(authenticator.cose).pairs)
            func set(_ label: Int64, _ value: CBORValue?) {
                pairs.removeAll { $0.key == .integer(label) }
                if let value { pairs.append(CBORPair(key: .integer(label), value: value)) }
            }
            let second = CBORValue.map(pairs)[.integer(-2)]?.bytes ?? []
            let modulus = CBORValue.map(pairs)[.integer(-1)]?.bytes ?? []
            switch self {
            case .otherAlgorithm: set(3, .integer(-35))
            case .noAlgorithm: set(3, nil)
            case .otherType: set(1, .integer(1))
            case .otherCurve: set(-1, .integer(2))
            case .compressed: set(-3, .bool(true))
            case .offTheCurve: set(-3, .bytes(second))
            case .shortCoordinate, .edShort: set(-2, .bytes(second.dropLast()))
            case .edOtherCurve: set(-1, .integer(7))
            case .weakRSA:
                let weak = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024)).publicKey
                set(-1, .bytes(Array(try weak.getKeyPrimitives().modulus)))
            case .hugeRSA: set(-1, .bytes([UInt8](repeating: 0xFF, count: 513)))
            case .leadingZero: set(-1, .bytes([0] + modulus))
            case .evenExponent: set(-2, .bytes([1, 0, 0]))
            case .notAMap: return [0x01]
            case .duplicate: pairs.append(CBORPair(key: .integer(3), value: .integer(-7)))
            }
            return CBORValue.map(pairs).encoded
        }
    }
}
