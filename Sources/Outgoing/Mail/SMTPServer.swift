import Foundation

/// Where mail is handed over, and how.
package struct SMTPServer: Hashable, Sendable {
    /// When TLS begins on a connection that does not begin with it (RFC 3207).
    package enum StartTLS: String, Sendable, CaseIterable {
        /// Without it nothing is sent.
        case required
        /// Where the server offers it; whoever is between can take the offer away.
        case ifOffered = "if-offered"
        case never
    }

    package struct Login: Hashable, Sendable {
        package let username: String
        package let password: String

        package init(username: String, password: String) {
            self.username = username
            self.password = password
        }
    }

    package let address: SMTPAddress
    package var startTLS = StartTLS.required
    package var login: Login?
    /// A PEM file of authorities to trust instead of the system's.
    package var authorities: String?
    /// What we call ourselves to the server: a domain name, or an address in brackets (RFC 5321, section 4.1.3).
    package var ownName = "localhost"
    /// For one mail, from connecting to the server's last word.
    package var time = Duration.seconds(60)

    package init(_ address: SMTPAddress) {
        self.address = address
    }

    /// Whether a password could be read by whoever is between.
    package var wouldTellPassword: Bool { login != nil && !address.isSecure && startTLS != .required }
}

/// `smtp://HOST`, for STARTTLS at port 587 where none is named, or `smtps://HOST`, for TLS at port 465 (RFC 8314).
package struct SMTPAddress: Hashable, Sendable, CustomStringConvertible {
    /// TLS from the first byte.
    package let isSecure: Bool
    /// An IPv6 address stands in brackets.
    package let host: String
    package let port: Int

    /// - Returns: `nil` for anything else, also where a name or a password is in it.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), scheme == "smtp" || scheme == "smtps",
            let host = parts.encodedHost?.lowercased(), !host.isEmpty, parts.user == nil, parts.password == nil,
            parts.query == nil, parts.fragment == nil, parts.percentEncodedPath.trimmingPrefix("/").isEmpty,
            (1...65_535).contains(parts.port ?? 1)
        else { return nil }
        isSecure = scheme == "smtps"
        self.host = host
        port = parts.port ?? (isSecure ? 465 : 587)
    }

    package var description: String { "\(isSecure ? "smtps" : "smtp")://\(host):\(port)" }
}
