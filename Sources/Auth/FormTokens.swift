package import Crypto
package import Foundation
package import Model

/// The token in a form that shows it came from our own page, for browsers that tell neither `Sec-Fetch-Site` nor
/// `Origin`. It belongs to one session (or, before signing in, one visitor) and cannot be made without the key.
package struct FormTokens: Sendable {
    private let keys: SigningKeys

    package init(key: SymmetricKey) { self.init(keys: SigningKeys(key)) }

    package init(keys: SigningKeys) { self.keys = keys }

    /// - Parameter binding: the hash of the session's or visitor's cookie.
    package func token(for binding: Data) -> String {
        Data(HMAC<SHA256>.authenticationCode(for: binding, using: keys.current)).base64URL
    }

    /// Compares in constant time.
    package func isValid(_ token: String, for binding: Data, now: Timestamp = .now) -> Bool {
        guard let code = Data(base64URL: token) else { return false }
        return keys.believed(at: now).contains {
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: binding, using: $0)
        }
    }
}
