import Crypto
import CryptoExtras
package import Foundation

/// Algorithms that a credential may sign with (IANA's COSE algorithms; WebAuthn, sections 5.8.5 and 6.5.1.1), best
/// first.
package enum SignatureAlgorithm: Int64, CaseIterable, Sendable {
    /// Ed25519 (RFC 9053, section 2.2).
    case edDSA = -8
    /// ECDSA with P-256 and SHA-256 (RFC 9053, section 2.1).
    case es256 = -7
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8812, section 2): TPMs, hence Windows Hello.
    case rs256 = -257
}

/// The public key of a credential: a COSE key (RFC 9052, section 7) of one of our algorithms.
package struct CredentialPublicKey: Hashable, Sendable {
    /// RSA keys have a modulus of 2,048 to 4,096 bits: shorter ones are weak, longer ones cost us time.
    package static let modulusBytes = 256...512

    /// As it came: what is to be kept.
    package let cose: Data
    package let algorithm: SignatureAlgorithm

    /// - Throws: `cbor`, `publicKeyMalformed`, `algorithmNotOffered`.
    package init(cose: Data) throws(WebAuthnError) {
        let key = try Self.map(cose)
        guard let number = key[.integer(3)]?.integer else { throw .publicKeyMalformed }
        guard let algorithm = SignatureAlgorithm(rawValue: number) else { throw .algorithmNotOffered }
        self.cose = cose
        self.algorithm = algorithm
        // A key that cannot be used is refused now, and not when its owner wants to sign in.
        _ = try Key(algorithm, key)
    }

    /// Whether the signature is by this key over these bytes.
    package func isValid(_ signature: Data, for message: Data) -> Bool {
        // It was checked when it was made.
        guard let key = try? Key(algorithm, Self.map(cose)) else { return false }
        switch key {
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case .ed25519(let key): return key.isValidSignature(signature, for: message)
        case .rsa(let key):
            let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
            return key.isValidSignature(signature, for: message, padding: .insecurePKCS1v1_5)
        }
    }

    private static func map(_ cose: Data) throws(WebAuthnError) -> CBORValue {
        do { return try CBORReader.value(Array(cose)) } catch { throw .cbor(error) }
    }

    /// The key as swift-crypto has it.
    private enum Key {
        case p256(P256.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
        case rsa(_RSA.Signing.PublicKey)

        init(_ algorithm: SignatureAlgorithm, _ key: CBORValue) throws(WebAuthnError) {
            // Labels: 1 kty; by kty: -1 crv or n, -2 x or e, -3 y (RFC 9053, section 7; RFC 8230, section 4).
            let (type, curve) = (key[.integer(1)]?.integer, key[.integer(-1)]?.integer)
            let (second, third) = (key[.integer(-2)]?.bytes, key[.integer(-3)]?.bytes)
            switch algorithm {
            case .es256:
                // Not compressed (WebAuthn, section 5.8.5): y is there as bytes.
                guard type == 2, curve == 1, let second, second.count == 32, let third, third.count == 32,
                    let point = try? P256.Signing.PublicKey(x963Representation: [4] + second + third)
                else { throw .publicKeyMalformed }
                self = .p256(point)
            case .edDSA:
                guard type == 1, curve == 6, let second, second.count == 32,
                    let point = try? Curve25519.Signing.PublicKey(rawRepresentation: second)
                else { throw .publicKeyMalformed }
                self = .ed25519(point)
            case .rs256:
                guard type == 3, let modulus = key[.integer(-1)]?.bytes, modulus.first ?? 0 != 0,
                    CredentialPublicKey.modulusBytes.contains(modulus.count), let second, second.count <= 4,
                    let key = try? _RSA.Signing.PublicKey(n: modulus, e: second)
                else { throw .publicKeyMalformed }
                self = .rsa(key)
            }
        }
    }
}
