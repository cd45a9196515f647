import Foundation

/// What an ID token says (OpenID Connect Core 1.0, sections 2 and 5.1), read and not yet judged.
struct IDClaims: Decodable, Sendable {
    let iss: String
    let sub: String
    let aud: [String]
    let azp: String?
    /// Seconds since 1970, maybe with a fraction (RFC 7519, section 2).
    let exp: Double
    let iat: Double
    let nbf: Double?
    let nonce: String?
    let accessTokenHash: String?
    let profile: ProfileClaims

    private enum Keys: String, CodingKey {
        case iss
        case sub
        case aud
        case azp
        case exp
        case iat
        case nbf
        case nonce
        case accessTokenHash = "at_hash"
    }

    init(from decoder: any Decoder) throws {
        let claims = try decoder.container(keyedBy: Keys.self)
        iss = try claims.decode(String.self, forKey: .iss)
        sub = try claims.decode(String.self, forKey: .sub)
        // One is often not in an array.
        aud =
            if let one = try? claims.decode(String.self, forKey: .aud) { [one] } else {
                try claims.decode([String].self, forKey: .aud)
            }
        azp = try claims.decodeIfPresent(String.self, forKey: .azp)
        exp = try claims.decode(Double.self, forKey: .exp)
        iat = try claims.decode(Double.self, forKey: .iat)
        nbf = try claims.decodeIfPresent(Double.self, forKey: .nbf)
        nonce = try claims.decodeIfPresent(String.self, forKey: .nonce)
        accessTokenHash = try claims.decodeIfPresent(String.self, forKey: .accessTokenHash)
        profile = try ProfileClaims(from: decoder)
    }
}

/// What a provider knows of a person. Nothing depends on it, so that a value of another type is as good as none.
struct ProfileClaims: Decodable, Sendable {
    let email: String?
    let emailIsVerified: Bool
    let name: String?
    let preferredUsername: String?
    let locale: String?

    private enum Keys: String, CodingKey {
        case email
        case emailIsVerified = "email_verified"
        case name
        case preferredUsername = "preferred_username"
        case locale
    }

    init(from decoder: any Decoder) throws {
        let claims = try decoder.container(keyedBy: Keys.self)
        email = (try? claims.decode(String.self, forKey: .email)).flatMap(Self.address)
        // Some send it as a text.
        emailIsVerified =
            (try? claims.decode(Bool.self, forKey: .emailIsVerified))
            ?? ((try? claims.decode(String.self, forKey: .emailIsVerified)) == "true")
        name = Self.line(try? claims.decode(String.self, forKey: .name))
        preferredUsername = Self.line(try? claims.decode(String.self, forKey: .preferredUsername))
        locale = Self.line(try? claims.decode(String.self, forKey: .locale))
    }

    /// Something, one `@`, something; printable ASCII without what could end it in a mail's header.
    /// - Returns: `nil` for anything else: an address that no mail could be sent to is none.
    private static func address(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"(),:;<>[]\\".utf8.contains($0) }
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard isPlain, text.utf8.count <= 254, halves.count == 2, halves.allSatisfy({ !$0.isEmpty }) else { return nil }
        return text
    }

    /// Without control characters, at most 200 characters; `nil` where nothing is left.
    private static func line(_ text: String?) -> String? {
        guard let text else { return nil }
        let plain = String(
            String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
        let line = plain.trimmingCharacters(in: .whitespaces).prefix(200)
        return line.isEmpty ? nil : String(line)
    }
}
