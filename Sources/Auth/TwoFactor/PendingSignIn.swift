package import Crypto
package import Foundation
package import Model

/// Between the right password and the code: what the form brings back, and nobody can make. It is good for ten minutes,
/// in the browser that it was made for.
package struct PendingSignIns: Sendable {
    private let key: SymmetricKey
    package static let lifetime = Seconds(600)

    /// - Parameter key: for this purpose alone.
    package init(key: SymmetricKey) { self.key = key }

    /// - Parameter browser: what the browser's forms are bound to.
    package func token(for user: UserID, in browser: Data, now: Timestamp = .now) -> String {
        let expiresAt = (now + Self.lifetime).milliseconds
        return "\(user.rawValue).\(expiresAt).\(Data(code(user.rawValue, expiresAt, browser)).base64URL)"
    }

    /// - Returns: whose password was right; `nil` for what was not made here, or in another browser, or too long ago.
    package func user(_ token: String, in browser: Data, now: Timestamp = .now) -> UserID? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let user = Int64(parts[0]), let expiresAt = Int64(parts[1]),
            let shown = Data(base64URL: parts[2]), expiresAt > now.milliseconds,
            HMAC<SHA256>.isValidAuthenticationCode(
                shown, authenticating: Self.text(user, expiresAt, browser), using: key)
        else { return nil }
        return UserID(rawValue: user)
    }

    private func code(_ user: Int64, _ expiresAt: Int64, _ browser: Data) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Self.text(user, expiresAt, browser), using: key)
    }

    private static func text(_ user: Int64, _ expiresAt: Int64, _ browser: Data) -> Data {
        Data("\(user).\(expiresAt).".utf8) + browser
    }
}
