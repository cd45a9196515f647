package import Crypto
package import Foundation
package import Model

/// Somebody whose password was right.
package struct PendingSignIn: Hashable, Sendable {
    package let user: UserID
    /// It is of no use after the password has changed.
    package let passwordVersion: Int64

    package init(user: UserID, passwordVersion: Int64) {
        self.user = user
        self.passwordVersion = passwordVersion
    }

    /// - Parameter user: as they were when their password was looked at.
    package init(_ user: User) { self.init(user: user.id, passwordVersion: user.passwordVersion) }
}

/// Between the right password and the code: what the form brings back, and nobody can make. It is good for ten minutes,
/// in the browser that it was made for.
package struct PendingSignIns: Sendable {
    private let keys: SigningKeys
    package static let lifetime = Seconds(600)

    /// - Parameter key: for this purpose alone.
    package init(key: SymmetricKey) { self.init(keys: SigningKeys(key)) }

    package init(keys: SigningKeys) { self.keys = keys }

    /// - Parameter browser: what the browser's forms are bound to.
    package func token(for pending: PendingSignIn, in browser: Data, now: Timestamp = .now) -> String {
        let text = "\(pending.user.rawValue).\(pending.passwordVersion).\((now + Self.lifetime).milliseconds)"
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(text).".utf8) + browser, using: keys.current)
        return "\(text).\(Data(code).base64URL)"
    }

    /// - Returns: whose password was right; `nil` for what was not made here, or in another browser, or too long ago.
    package func pending(_ token: String, in browser: Data, now: Timestamp = .now) -> PendingSignIn? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, let user = Int64(parts[0]), let version = Int64(parts[1]),
            let expiresAt = Int64(parts[2]), let shown = Data(base64URL: parts[3]), expiresAt > now.milliseconds,
            keys.believed(at: now).contains(where: {
                HMAC<SHA256>.isValidAuthenticationCode(
                    shown, authenticating: Data("\(user).\(version).\(expiresAt).".utf8) + browser, using: $0)
            })
        else { return nil }
        return PendingSignIn(user: UserID(rawValue: user), passwordVersion: version)
    }
}
