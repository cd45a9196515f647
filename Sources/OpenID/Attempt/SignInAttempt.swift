import Auth
import Crypto
package import Foundation
package import Model
package import Proxy

/// A sign-in that was begun and whose visitor is with the provider now. It is stored under the hash of its state until it
/// expires; the state itself is nowhere but in the visitor's browser.
package struct SignInAttempt: Hashable, Sendable {
    /// SHA-256 of the state, under which it is stored.
    package let stateHash: Data
    /// `Provider.name`
    package let provider: String
    /// Comes back in the ID token, which is thereby one for this sign-in (OpenID Connect Core 1.0, section 15.5.2).
    package let nonce: String
    /// Proves to the provider that who brings the code is who asked for it (RFC 7636, section 4.1). A secret of ours.
    package let verifier: String
    /// SHA-256 of a cookie of the browser that began; only that browser can finish.
    package let browser: Data
    /// Where to go afterwards.
    package let next: LocalPath?
    /// The person who was signed in and wants the provider added to their account.
    package let linking: UserID?
    /// SHA-256 of the invitation's token that a new account may be made by.
    package let invitation: Data?
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package static let lifetime = Seconds(600)

    /// One that was stored.
    package init(
        stateHash: Data, provider: String, nonce: String, verifier: String, browser: Data, next: LocalPath?,
        linking: UserID?, invitation: Data? = nil, createdAt: Timestamp, expiresAt: Timestamp
    ) {
        self.stateHash = stateHash
        self.provider = provider
        self.nonce = nonce
        self.verifier = verifier
        self.browser = browser
        self.next = next
        self.linking = linking
        self.invitation = invitation
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// A fresh one, for a state: three times 256 random bits that have nothing to do with each other.
    init(
        state: OpaqueToken, provider: Provider, browser: Data, next: LocalPath?, linking: UserID?, invitation: Data?,
        now: Timestamp
    ) {
        self.init(
            stateHash: state.hash, provider: provider.name, nonce: OpaqueToken().text, verifier: OpaqueToken().text,
            browser: browser, next: next, linking: linking, invitation: invitation, createdAt: now,
            expiresAt: now + Self.lifetime)
    }

    /// The S256 challenge of the verifier (RFC 7636, section 4.2).
    var challenge: String { Data(SHA256.hash(data: Data(verifier.utf8))).base64URL }
}

/// A log may hold one: neither nonce nor verifier is in its text.
extension SignInAttempt: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "sign-in with \(provider), begun at \(createdAt.iso8601)" }
    package var debugDescription: String { description }
}
