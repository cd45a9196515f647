package import Crypto
package import Foundation
package import Model

/// The codes by which somebody shows that mail to an address reaches them: six digits, any of them as likely as the others.
package struct EmailCodes: Sendable {
    private let key: SymmetricKey

    /// - Parameter key: for this purpose alone. Without it a million codes would be tried on a hash in no time.
    package init(key: SymmetricKey) { self.key = key }

    /// A fresh one.
    package func code() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = String(Int.random(in: 0..<1_000_000, using: &generator))
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// What the server keeps. A code is of one address: with another one it is another code.
    /// - Parameter code: as somebody typed it, maybe with spaces between the digits.
    package func hash(_ code: String, of address: EmailAddress) -> Data {
        let digits = code.excerpt(64).filter { $0 != " " && $0 != "-" }
        return Data(
            HMAC<SHA256>.authenticationCode(for: Data("\(address.normalized)\n\(digits)".utf8), using: key))
    }
}
