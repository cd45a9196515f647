import Auth
import Foundation
import Model

/// A JSON Web Signature in its compact form (RFC 7515, section 7.1), taken apart and not yet believed.
struct SignedToken: Sendable {
    let algorithm: String
    let keyID: String?
    let payload: Data
    let signature: Data
    /// What the signature is over.
    let signedBytes: Data

    static let bytesMax = 16 * 1024

    /// - Throws: `tokenMalformed`
    init(_ text: String) throws(OpenIDError) {
        guard text.utf8.count <= Self.bytesMax else { throw .tokenMalformed("it is too long") }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .tokenMalformed("it has \(parts.count) parts, not 3") }
        guard let header = Self.bytes(parts[0]), let payload = Self.bytes(parts[1]),
            let signature = Self.bytes(parts[2])
        else { throw .tokenMalformed("a part is not Base64 for URLs") }
        let fields: Header
        do { fields = try JSONDecoder.decode(Header.self, from: header) } catch {
            throw .tokenMalformed("header: \(error.reason)")
        }
        // What must be understood is not (RFC 7515, section 4.1.11).
        guard !fields.hasCritical else { throw .tokenMalformed("header: crit") }
        algorithm = fields.alg
        keyID = fields.kid
        self.payload = payload
        self.signature = signature
        signedBytes = Data("\(parts[0]).\(parts[1])".utf8)
    }

    func isSigned(by keys: [VerificationKey], _ algorithm: SigningAlgorithm) async -> Bool {
        for key in keys where await key.isValid(signature, of: signedBytes, by: algorithm) { return true }
        return false
    }

    private static func bytes(_ part: Substring) -> Data? {
        let isPlain = part.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isPlain ? Data(base64URL: part) : nil
    }

    private struct Header: Decodable {
        let alg: String
        let kid: String?
        let hasCritical: Bool

        private enum Keys: String, CodingKey {
            case alg
            case kid
            case crit
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Keys.self)
            alg = try fields.decode(String.self, forKey: .alg)
            kid = try fields.decodeIfPresent(String.self, forKey: .kid)
            hasCritical = fields.contains(.crit)
        }
    }
}
