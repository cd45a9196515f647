import Foundation

/// The one address that people reach this server at. Links, cookies, Origin checks and socket addresses derive from
/// it, never from what a request says of itself.
package struct PublicURL: Hashable, Sendable, CustomStringConvertible {
    package let isSecure: Bool
    /// Lower case; an IPv6 address stands in brackets.
    package let host: String
    package let port: Int
    /// What all paths begin with where the chat is not at the root of its host: `/chat`, without a slash at its end;
    /// else empty.
    package let path: String

    /// Reads `http://` or `https://`, a host, and maybe a port and a path.
    /// - Returns: `nil` for anything else.
    package init?(_ text: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.encodedHost?.lowercased(), !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil,
            let path = Self.prefix(parts.percentEncodedPath), (1...65_535).contains(parts.port ?? 80)
        else { return nil }
        isSecure = scheme == "https"
        self.host = host
        self.path = path
        port = parts.port ?? (scheme == "https" ? 443 : 80)
    }

    /// Scheme, host and, where it is not the scheme's own, port (RFC 6454, section 6.2).
    package var origin: String { (isSecure ? "https://" : "http://") + authority }

    package var description: String { origin + path }

    /// The machine itself: `localhost` in its forms, which browsers treat as secure also over http.
    package var isLocal: Bool { Self.localHosts.contains(host) }

    /// The origins that are this server's own: where it is local, all names of the machine are one.
    package var ownOrigins: Set<String> {
        guard isLocal else { return [origin] }
        return Set(Self.localHosts.map { origin(withHost: $0) })
    }

    /// The same, of its sockets, as a content security policy may name them: it knows no IPv6 addresses.
    package var ownSocketOrigins: Set<String> {
        Set(ownOrigins.filter { !$0.contains("[") }.map { $0.replacing(/^http/, with: "ws") })
    }

    /// The address of a path on this server.
    package func link(_ path: String) -> String { origin + self.path + path }

    static let localHosts = ["localhost", "127.0.0.1", "[::1]"]

    /// Letters, digits and `-._~` between single slashes: what every proxy leaves as it is.
    private static func prefix(_ path: String) -> String? {
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        let isPlain = trimmed.isEmpty || trimmed.wholeMatch(of: /(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/) != nil
        return isPlain ? trimmed : nil
    }

    private var authority: String {
        port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
    }

    private func origin(withHost host: String) -> String {
        origin.replacing("://" + self.host, with: "://" + host)
    }
}
