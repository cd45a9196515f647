import Crypto
package import Foundation
import Model

/// A secret that stands for something on the server: 32 random bytes, of which the server keeps only the hash.
package struct OpaqueToken: Sendable {
    /// What the client holds: 43 characters of Base64 for URLs (RFC 4648, section 5), without padding.
    package let text: String

    /// A fresh one.
    package init() {
        text = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64URL
    }

    /// One that somebody has shown.
    package init(_ text: String) { self.text = text }

    /// What the server keeps. SHA-256 is enough for 256 random bits: there is nothing to guess.
    package var hash: Data { Data(SHA256.hash(data: Data(text.utf8))) }
}
