/// What a configuration is made for: where people reach the chat, where the server listens, and what lies between.
package struct ProxyPlan: Sendable {
    /// Where the server itself listens.
    package enum Upstream: Hashable, Sendable {
        case tcp(host: String, port: Int)
        /// The absolute path of a Unix socket.
        case unix(path: String)
    }

    /// Where the certificate comes from.
    package enum TLS: Hashable, Sendable {
        /// From Let's Encrypt: the proxy gets it by itself where it can, else certbot does.
        case automatic
        /// PEM files; the certificate with its whole chain.
        case files(certificate: String, key: String)
        /// TLS ends further out.
        case none
    }

    /// Where the proxy stands among others.
    package enum Position: Hashable, Sendable {
        /// People connect to it.
        case edge
        /// Another proxy connects to it.
        /// - Parameter outer: that proxy's addresses: ranges, or a set's name as in the setting `trusted-proxies`.
        case inner(outer: [String])
    }

    /// Pangolin renamed the keys of its blueprints.
    package enum PangolinSchema: String, CaseIterable, Sendable {
        /// `public-resources` and `mode`.
        case new
        /// `proxy-resources` and `protocol`.
        case old
    }

    package var publicURL: PublicURL
    package var upstream: Upstream
    /// The largest upload, in bytes.
    package var bodyBytesMax: Int
    package var tls: TLS
    package var position: Position
    /// A folder with exactly what the server serves below `/static/`, for the proxy to serve instead.
    package var staticDirectory: String?
    /// Seconds without a byte after which the proxy may give up a socket. The server pings far more often; this is for
    /// the case that it cannot.
    package var silenceSeconds: Int
    /// Of the proxy in question, such as `1.22.1`; `nil` where it is not known.
    package var proxyVersion: String?
    package var pangolinSchema: PangolinSchema
    /// The setting `trusted-proxies`.
    package var trustedProxies: [String]

    package init(
        publicURL: PublicURL, upstream: Upstream = .tcp(host: "127.0.0.1", port: 8080),
        bodyBytesMax: Int = 100 * 1_048_576, tls: TLS = .automatic, position: Position = .edge,
        staticDirectory: String? = nil, silenceSeconds: Int = 3600, proxyVersion: String? = nil,
        pangolinSchema: PangolinSchema = .new, trustedProxies: [String] = []
    ) {
        self.publicURL = publicURL
        self.upstream = upstream
        self.bodyBytesMax = bodyBytesMax
        self.tls = tls
        self.position = position
        self.staticDirectory = staticDirectory
        self.silenceSeconds = silenceSeconds
        self.proxyVersion = proxyVersion
        self.pangolinSchema = pangolinSchema
        self.trustedProxies = trustedProxies
    }
}
