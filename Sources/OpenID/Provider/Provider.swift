import Foundation

/// Somebody who tells us who a visitor is: what the settings say about them.
package struct Provider: Hashable, Sendable {
    /// As in the path `/auth/{name}/callback/`; a small letter, then up to 31 of these, digits and `-`.
    package let name: String
    /// For people, as in "Sign in with Google".
    package let displayName: String
    /// Exactly as the provider writes it in its discovery document and its tokens.
    package let issuer: String
    package let clientID: String
    /// `nil` for a client that has none (RFC 6749, section 2.1), whom PKCE alone protects.
    package let secret: String?
    package let scopes: [String]

    package static let defaultScopes = ["openid", "email", "profile"]

    /// - Parameter issuer: https, or http on this machine; without a query (OpenID Connect Discovery 1.0, section 3).
    /// - Throws: `ProviderSettingError`, with the part that is wrong.
    package init(
        name: String, displayName: String, issuer: String, clientID: String, secret: String?,
        scopes: [String] = defaultScopes
    ) throws {
        guard name.wholeMatch(of: /[a-z][a-z0-9-]{0,31}/) != nil else {
            throw ProviderSettingError(part: "name", reason: "is a small letter, then up to 31 of these, digits and -")
        }
        guard !displayName.isEmpty, displayName.count <= 60, !displayName.contains(where: \.isNewline) else {
            throw ProviderSettingError(part: "display name", reason: "is a line of 1 to 60 characters")
        }
        guard let address = ProviderAddress(issuer), !address.hasQuery, address.isSecure || address.isLoopback else {
            throw ProviderSettingError(part: "issuer", reason: "is an https address without a query")
        }
        guard Self.isPlain(clientID) else {
            throw ProviderSettingError(part: "client id", reason: "is 1 to 512 printable characters of ASCII")
        }
        guard secret.map(Self.isPlain) ?? true else {
            throw ProviderSettingError(part: "secret", reason: "is 1 to 512 printable characters of ASCII")
        }
        guard scopes.contains("openid"), scopes.allSatisfy(Self.isScope) else {
            throw ProviderSettingError(part: "scopes", reason: "are words, and openid is among them")
        }
        self.name = name
        self.displayName = displayName
        self.issuer = issuer
        self.clientID = clientID
        self.secret = secret
        self.scopes = scopes
    }

    /// Google; client id and secret are those of an OAuth client of the type "web application".
    package static func google(clientID: String, secret: String) throws -> Provider {
        try Provider(
            name: "google", displayName: "Google", issuer: "https://accounts.google.com", clientID: clientID,
            secret: secret)
    }

    /// VSCHAR of RFC 6749, appendix A.
    private static func isPlain(_ text: String) -> Bool {
        (1...512).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// NQCHAR without the quote's neighbours (RFC 6749, section 3.3).
    private static func isScope(_ text: String) -> Bool {
        isPlain(text) && !text.contains(where: { " \"\\".contains($0) })
    }
}

/// A log may hold one: the secret is not in its text.
extension Provider: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "\(name) (\(issuer))" }
    package var debugDescription: String { description }
}

package struct ProviderSettingError: Error, Hashable, CustomStringConvertible {
    package let part: String
    let reason: String

    package var description: String { "The provider's \(part) \(reason)." }
}
