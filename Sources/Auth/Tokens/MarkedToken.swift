import Crypto
package import Foundation

/// A secret that can be told from any other text: whoever looks for leaked secrets finds it by what it begins with, and
/// knows a real one by its check sum without asking anybody.
///
/// `parley_pat_`, 40 random characters of `0–9 A–Z a–z` (238 bits), and six of the same that are the CRC-32 of all
/// before (ISO 3309, as zlib has it), in base 62, the highest digit first.
package struct MarkedToken: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Stands for a person or a bot in the API.
        case personal = "parley_pat_"
        /// In the address of an incoming hook.
        case hook = "parley_hook_"
    }

    package let text: String

    private static let randomCount = 40
    private static let sumCount = 6
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    /// A fresh one.
    package init(_ kind: Kind) {
        var random = SystemRandomNumberGenerator()
        var text = kind.rawValue
        for _ in 0..<Self.randomCount { text.append(Self.digits[Int.random(in: 0..<62, using: &random)]) }
        self.text = text + Self.sum(of: text)
    }

    /// One that somebody has shown; `nil` for a text that none can be.
    package init?(_ text: String, _ kind: Kind) {
        guard text.hasPrefix(kind.rawValue), text.utf8.count == Self.count(kind),
            String(text.suffix(Self.sumCount)) == Self.sum(of: String(text.dropLast(Self.sumCount)))
        else { return nil }
        self.text = text
    }

    /// What the server keeps. SHA-256 is enough for so many random bits: there is nothing to guess.
    package var hash: Data { Data(SHA256.hash(data: Data(text.utf8))) }

    /// In bytes.
    package static func count(_ kind: Kind) -> Int { kind.rawValue.utf8.count + randomCount + sumCount }

    private static func sum(of text: String) -> String {
        var rest = crc32(text.utf8)
        var sum: [Character] = []
        for _ in 0..<sumCount {
            sum.append(digits[Int(rest % 62)])
            rest /= 62
        }
        return String(sum.reversed())
    }

    private static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }
}
