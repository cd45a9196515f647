import Auth
import Crypto
import CryptoExtras
import Foundation
import Model

/// A key of a provider that exists in the test alone. It signs without JWTKit, which the code under test checks with.
struct TestKey: Sendable {
    let id: String?
    let algorithm: String
    private let material: Material

    private enum Material {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    /// Making one takes a while, and which one it is matters to no test.
    private static let rsa = (0...1).map { _ in must { try _RSA.Signing.PrivateKey(keySize: .bits2048) } }

    static func rs256(_ id: String? = "rsa", number: Int = 0) -> TestKey {
        TestKey(id: id, algorithm: "RS256", material: .rsa(rsa[number]))
    }
    static func ps256(_ id: String? = "pss") -> TestKey {
        TestKey(id: id, algorithm: "PS256", material: .rsa(rsa[0]))
    }
    static func es256(_ id: String? = "ec") -> TestKey { TestKey(id: id, algorithm: "ES256", material: .p256(.init())) }
    static func edDSA(_ id: String? = "ed") -> TestKey {
        TestKey(id: id, algorithm: "EdDSA", material: .ed25519(.init()))
    }
    /// Too weak to be accepted.
    static func weak(_ id: String? = "weak") throws -> TestKey {
        TestKey(
            id: id, algorithm: "RS256",
            material: .rsa(try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024))))
    }

    /// The public half, as in a key set.
    var jwk: [String: Any] {
        var fields: [String: Any] = ["use": "sig"]
        fields["kid"] = id
        switch material {
        case .rsa(let key):
            let primitives = must { try key.publicKey.getKeyPrimitives() }
            fields["kty"] = "RSA"
            fields["n"] = primitives.modulus.base64URL
            fields["e"] = primitives.publicExponent.base64URL
        case .p256(let key):
            let bytes = key.publicKey.rawRepresentation
            fields.merge(["kty": "EC", "crv": "P-256"]) { $1 }
            fields["x"] = bytes.prefix(32).base64URL
            fields["y"] = bytes.suffix(32).base64URL
        case .ed25519(let key):
            fields.merge(["kty": "OKP", "crv": "Ed25519", "x": key.publicKey.rawRepresentation.base64URL]) { $1 }
        }
        return fields
    }

    /// The public half as text: what a confused verifier would take for an HMAC key.
    var publicPEM: String {
        guard case .rsa(let key) = material else { return "" }
        return key.publicKey.pemRepresentation
    }

    func sign(_ claims: [String: Any], header changes: [String: Any?] = [:]) -> String {
        var header: [String: Any] = ["alg": algorithm, "typ": "JWT"]
        header["kid"] = id
        for (name, value) in changes { header[name] = value }
        let text = "\(json(header).base64URL).\(json(claims).base64URL)"
        return "\(text).\(signature(of: Data(text.utf8)).base64URL)"
    }

    private func signature(of text: Data) -> Data {
        switch material {
        case .rsa(let key):
            let padding: _RSA.Signing.Padding = algorithm == "PS256" ? .PSS : .insecurePKCS1v1_5
            return must { try key.signature(for: SHA256.hash(data: text), padding: padding) }.rawRepresentation
        case .p256(let key): return must { try key.signature(for: text) }.rawRepresentation
        case .ed25519(let key): return must { try key.signature(for: text) }
        }
    }
}

func json(_ value: Any) -> Data { must { try JSONSerialization.data(withJSONObject: value) } }

/// For what only a mistake in a test can make fail.
func must<Value>(_ work: () throws -> Value) -> Value {
    do { return try work() } catch { fatalError("\(error)") }
}
