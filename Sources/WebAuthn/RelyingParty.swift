import Crypto

/// Who a credential is for: this server (WebAuthn, section 4, "Relying Party").
package struct RelyingParty: Hashable, Sendable {
    /// The public URL's host without its port, or `localhost`. Browsers take no addresses of numbers (section 5.1.2), so
    /// that a server which is reached by one has no passkeys. Credentials are lost where it changes.
    package let id: String
    /// What the browser may show (section 5.4.1).
    package let name: String
    /// The pages that may ask (section 13.4.9), as the browser writes them: `https://chat.example.org`,
    /// `https://chat.example.org:8443`, `http://localhost:8080`. Compared byte by byte.
    package let origins: Set<String>

    package init(id: String, name: String, origins: Set<String>) {
        self.id = id
        self.name = name
        self.origins = origins
    }

    var idHash: [UInt8] { Array(SHA256.hash(data: Array(id.utf8))) }
}

/// Whether the authenticator has to know who uses it, by a finger, a face or a PIN (WebAuthn, section 5.8.6).
package enum UserVerification: String, Codable, Sendable {
    /// For signing in with nothing else: the authenticator is two factors.
    case required
    case preferred
    /// For a second factor beside a password: having the authenticator is enough.
    case discouraged
}
