import Crypto
import CryptoExtras
import Foundation
import FuzzTargets

@testable import WebAuthn

/// An authenticator and its browser, in software, that can be told to do everything wrong.
struct SoftwareAuthenticator {
    enum PrivateKey {
        case p256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    let key: PrivateKey
    var id = CredentialID(bytes: Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }))
    var user = UserHandle.fresh()
    var signCount: UInt32 = 1
    var flags: AuthenticatorData.Flags = [.userPresent, .userVerified]
    var relyingParty = "chat.example.org"
    var aaguid = [UInt8](repeating: 0xAB, count: 16)

    init(_ algorithm: SignatureAlgorithm = .es256) throws {
        switch algorithm {
        case .es256: key = .p256(P256.Signing.PrivateKey())
        case .edDSA: key = .ed25519(Curve25519.Signing.PrivateKey())
        case .rs256: key = .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
        }
    }

    // MARK: What it sends

    /// An answer whose parts can be changed before it goes out.
    struct Answer {
        var client: [String: Any]
        var id: CredentialID
        var rawId: CredentialID
        var type = "public-key"
        var authenticatorData: [UInt8]
        var format = "none"
        var statement: [CBORPair] = []
        var userHandle: UserHandle?
        /// These go out as they are, whatever is above.
        var clientDataJSON: Data?
        var attestationObject: [UInt8]?
        var signature: Data?

        func clientData() throws -> Data {
            try clientDataJSON ?? JSONSerialization.data(withJSONObject: client, options: [.sortedKeys])
        }

        func attestation() -> [UInt8] {
            attestationObject
                ?? CBORValue.map([
                    CBORPair(key: .text("fmt"), value: .text(format)),
                    CBORPair(key: .text("attStmt"), value: .map(statement)),
                    CBORPair(key: .text("authData"), value: .bytes(authenticatorData)),
                ]).encoded
        }

        func registration() throws -> RegistrationResponse {
            try RegistrationResponse(
                json: json([
                    "clientDataJSON": text(clientData()), "attestationObject": text(Data(attestation())),
                    "transports": ["usb", "internal"],
                ]))
        }

        func assertion() throws -> AssertionResponse {
            try AssertionResponse(
                json: json([
                    "clientDataJSON": text(clientData()), "authenticatorData": text(Data(authenticatorData)),
                    "signature": text(signature ?? Data()), "userHandle": userHandle?.text as Any? ?? NSNull(),
                ]))
        }

        private func json(_ response: [String: Any]) throws -> Data {
            try JSONSerialization.data(withJSONObject: [
                "id": id.text, "rawId": rawId.text, "type": type, "response": response,
                "clientExtensionResults": ["credProps": ["rk": true]],
            ])
        }

        private func text(_ bytes: Data) -> String { ResponseBytes(bytes: bytes).text }
    }

    func answer(_ type: String, to challenge: Challenge, authenticatorData: [UInt8]) -> Answer {
        Answer(
            client: [
                "type": type, "challenge": challenge.text, "origin": "https://chat.example.org", "crossOrigin": false,
            ], id: id, rawId: id, authenticatorData: authenticatorData)
    }

    func register(_ challenge: Challenge, publicKey: [UInt8]? = nil) throws -> Answer {
        let idLength = UInt16(id.bytes.count)
        let credential = aaguid + [UInt8(idLength >> 8), UInt8(idLength & 0xFF)] + id.bytes + (publicKey ?? cose)
        let flags = flags.union(.attestedCredential)
        return answer("webauthn.create", to: challenge, authenticatorData: data(flags) + credential)
    }

    /// - Parameter change: is done before the signature, hence by the authenticator or the browser.
    func sign(_ challenge: Challenge, change: (inout Answer) -> Void = { _ in }) throws -> Answer {
        var answer = answer("webauthn.get", to: challenge, authenticatorData: data(flags))
        answer.userHandle = user
        change(&answer)
        let message = Data(answer.authenticatorData) + Data(SHA256.hash(data: try answer.clientData()))
        answer.signature = try signature(of: message)
        return answer
    }

    func data(_ flags: AuthenticatorData.Flags) -> [UInt8] {
        Array(SHA256.hash(data: Data(relyingParty.utf8))) + [flags.rawValue]
            + withUnsafeBytes(of: signCount.bigEndian, Array.init)
    }

    // MARK: Its key

    var cose: [UInt8] {
        func key(_ entries: [(Int64, CBORValue)]) -> [UInt8] {
            CBORValue.map(entries.map { CBORPair(key: .integer($0.0), value: $0.1) }).encoded
        }
        switch self.key {
        case .p256(let privateKey):
            let point = Array(privateKey.publicKey.x963Representation)
            return key([
                (1, .integer(2)), (3, .integer(-7)), (-1, .integer(1)), (-2, .bytes(Array(point[1...32]))),
                (-3, .bytes(Array(point[33...64]))),
            ])
        case .ed25519(let privateKey):
            return key([
                (1, .integer(1)), (3, .integer(-8)), (-1, .integer(6)),
                (-2, .bytes(Array(privateKey.publicKey.rawRepresentation))),
            ])
        case .rsa(let privateKey):
            let numbers = try? privateKey.publicKey.getKeyPrimitives()
            return key([
                (1, .integer(3)), (3, .integer(-257)), (-1, .bytes(Array(numbers?.modulus ?? Data()))),
                (-2, .bytes(Array(numbers?.publicExponent ?? Data()))),
            ])
        }
    }

    private func signature(of message: Data) throws -> Data {
        switch key {
        case .p256(let key): try key.signature(for: message).derRepresentation
        case .ed25519(let key): try key.signature(for: message)
        case .rsa(let key):
            try key.signature(for: message, padding: .insecurePKCS1v1_5).withUnsafeBytes { Data($0) }
        }
    }
}

extension RelyingParty {
    static let example = RelyingParty(
        id: "chat.example.org", name: "Parley", origins: ["https://chat.example.org", "https://chat.example.org:8443"])
}

/// What the closure was refused with.
func reason(_ closure: () throws -> Void) -> WebAuthnError? {
    do {
        try closure()
        return nil
    } catch { return error as? WebAuthnError }
}
