package import Proxy

/// The cookies of this server. Both are for this host alone, on all paths, and out of scripts' reach.
package struct SiteCookies: Sendable {
    /// The session's name: with `__Host-`, browsers accept it only over https, for this host, on all paths
    /// (RFC 6265bis, section 4.1.3.2).
    package let session: String
    /// Stands for a browser that has not signed in yet, for the tokens in its forms.
    let visitor: String
    /// Between a provider's word and the second factor; its value is of no use in another browser.
    let pending: String
    private let isSecure: Bool

    package init(publicURL: PublicURL) {
        isSecure = publicURL.isSecure
        session = isSecure ? "__Host-parley_session" : "parley_session"
        pending = isSecure ? "__Host-parley_pending" : "parley_pending"
        visitor = isSecure ? "__Host-parley_visitor" : "parley_visitor"
    }

    /// - Parameter lasting: kept so many seconds; until the browser ends where none are given.
    func header(_ name: String, _ value: String, lasting seconds: Int64? = nil) -> String {
        let age = seconds.map { "; Max-Age=\($0)" } ?? ""
        return "\(name)=\(value); Path=/\(age); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    }

    /// Takes a cookie out of the browser.
    func expired(_ name: String) -> String {
        "\(name)=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; SameSite=Lax"
            + (isSecure ? "; Secure" : "")
    }
}
