package import Crypto
package import Foundation

/// One-time codes that are counted (RFC 4226).
package enum HOTP {
    /// - Parameters:
    ///   - digits: 6…10, though the first digit of 10 is at most 2 (RFC 4226, section 5.3).
    ///   - hash: SHA-1, unless RFC 6238 is followed with another. That SHA-1 has collisions does no harm to HMAC
    ///     (RFC 6151 says so of MD5, even), and it is the one that every authenticator app knows.
    package static func code<Hash: HashFunction>(
        secret: Data, counter: UInt64, digits: Int = 6, hash: Hash.Type = Insecure.SHA1.self
    ) -> String {
        let message = withUnsafeBytes(of: counter.bigEndian) { Data($0) }
        let code = Array(HMAC<Hash>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
        let offset = Int((code.last ?? 0) & 0xF)
        let number = code[offset..<offset + 4].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } & 0x7FFF_FFFF
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }
}
