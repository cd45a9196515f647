import Foundation
import JWTKit

/// How a provider may sign: with a key of its own that everybody can check. HMAC is none of these, since the key would
/// be one that we have as well, or, taken for one, a public key (RFC 8725, sections 2.1 and 3.1).
package enum SigningAlgorithm: String, CaseIterable, Sendable {
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es256 = "ES256"
    case edDSA = "EdDSA"
}

/// A public key of a provider (RFC 7517, section 4), with the algorithms that it is for.
struct VerificationKey: Sendable {
    let id: String?
    private let material: Material
    /// What the provider restricts it to.
    private let only: SigningAlgorithm?

    private enum Material {
        /// 2048 to 8192 bits, to which the library holds it.
        case rsa(Insecure.RSA.PublicKey)
        case p256(ES256PublicKey)
        case ed25519(EdDSA.PublicKey)
    }

    /// - Returns: `nil` for a key that is for something else, of a kind we do not have, too weak or malformed. Its set may
    ///   hold others.
    init?(_ fields: Fields) {
        guard fields.use ?? "sig" == "sig", fields.operations?.contains("verify") ?? true else { return nil }
        only = fields.alg.flatMap(SigningAlgorithm.init)
        guard fields.alg == nil || only != nil else { return nil }
        id = fields.kid
        switch (fields.kty, fields.crv) {
        case ("RSA", _):
            guard let n = fields.n, let e = fields.e, let key = try? Insecure.RSA.PublicKey(modulus: n, exponent: e)
            else { return nil }
            material = .rsa(key)
        case ("EC", "P-256"):
            guard let x = fields.x, let y = fields.y, let key = try? ES256PublicKey(parameters: (x, y)) else {
                return nil
            }
            material = .p256(key)
        case ("OKP", "Ed25519"):
            guard let x = fields.x, let key = try? EdDSA.PublicKey(x: x, curve: .ed25519) else { return nil }
            material = .ed25519(key)
        default: return nil
        }
    }

    func fits(_ algorithm: SigningAlgorithm) -> Bool {
        guard only == nil || only == algorithm else { return false }
        return switch (material, algorithm) {
        case (.rsa, .rs256), (.rsa, .ps256), (.p256, .es256), (.ed25519, .edDSA): true
        default: false
        }
    }

    func isValid(_ signature: Data, of text: Data, by algorithm: SigningAlgorithm) async -> Bool {
        guard fits(algorithm) else { return false }
        // One key and no other: a collection of several falls back on its first one for a name that it does not know.
        let keys = JWTKeyCollection()
        switch material {
        case .rsa(let key) where algorithm == .ps256: await keys.add(pss: key, digestAlgorithm: .sha256)
        case .rsa(let key): await keys.add(rsa: key, digestAlgorithm: .sha256)
        case .p256(let key): await keys.add(ecdsa: key)
        case .ed25519(let key): await keys.add(eddsa: key)
        }
        return (try? await keys.getKey().verify(signature, signs: text)) ?? false
    }

    /// The names are those of the RFC, and of RFC 7518, section 6, and RFC 8037, section 2.
    struct Fields: Decodable {
        let kty: String
        let kid: String?
        let use: String?
        let operations: [String]?
        let alg: String?
        let n: String?
        let e: String?
        let crv: String?
        let x: String?
        let y: String?

        private enum CodingKeys: String, CodingKey {
            case kty
            case kid
            case use
            case operations = "key_ops"
            case alg
            case n
            case e
            case crv
            case x
            case y
        }
    }
}
