package import Logging
package import Model
package import NIOCore
package import Proxy

/// What every request passes first, an ordinary one and one for a socket alike: who sent it, whether it is meant for
/// this server, and which of our paths it asks for.
package final class FrontDoor: Sendable {
    package let publicURL: PublicURL
    package let resolver: VisitorResolver
    /// Whether trusted peers have to begin with the PROXY protocol.
    let expectsPreamble: Bool
    let peers = ConnectionPeers()
    private let hosts: HostPolicy
    let access: AccessLists
    private let prove: @Sendable (String) -> String?
    /// What was wrong so far.
    package let log: DoorLog
    package let lostSockets = LostSockets()
    private let logger: Logger
    /// What paths of ours begin with.
    private static let roots: Set<Substring> = [
        "", "accounts", "admin", "api", "auth", "chat", "direct", "favicon.ico", "hooks", "login", "password",
        "people",
        "profile", "register", "rooms", "setup", "static", "verify", "ws",
    ]

    /// - Parameters:
    ///   - expectsPreamble: whether trusted peers have to begin with the PROXY protocol.
    ///   - prove: the proof that `parley doctor` asks for with a question; `nil` for what is none.
    package init(
        publicURL: PublicURL, trusted: TrustedProxies, hosts: HostPolicy, access: AccessLists = AccessLists(),
        expectsPreamble: Bool = false, logger: Logger,
        prove: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.prove = prove
        self.expectsPreamble = expectsPreamble
        self.publicURL = publicURL
        resolver = VisitorResolver(trusted: trusted)
        self.hosts = hosts
        self.access = access
        self.logger = logger
        log = DoorLog(logger: logger)
    }

    /// Who sent a request. What is wrong with the proxies is said in the log, once for each of them.
    package func visitor(peer: Peer, isSecure: Bool, _ headers: ForwardedHeaders) -> Visitor {
        let visitor = resolver.visitor(peer: peer, isSecure: isSecure, headers)
        switch visitor.basis {
        case .direct, .forwarded: break
        case .untrusted:
            log.notice(.untrustedProxy, of: "\(peer)") {
                ["peer": "\(peer)"]
            } cure: {
                cure(for: peer)
            }
        case .unattributable:
            log.notice(.silentProxy, of: "\(peer)") {
                ["peer": "\(peer)"]
            } cure: {
                "let it send X-Forwarded-For: parley proxy-config writes its configuration"
            }
        }
        return visitor
    }

    /// Shows the doctor who answered: this server, and not something on the way.
    /// - Parameter question: the doctor's, as the request has it.
    package func proof(for question: String?) -> String? { question.flatMap { prove($0) } }

    /// Who is at the other end of a connection, or whom that one speaks for.
    ///
    /// - Parameter connected: who connected.
    package func peer(of channel: any Channel, connected: Peer) -> Peer {
        let connection = channel.connection
        if let spoken = peers[ObjectIdentifier(connection)] { return spoken }
        // What a proxy said is forgotten with the connection, and a request may be looked at later than that.
        return !expectsPreamble || connection.isActive ? connected : .unknown
    }

    /// Says once for each peer what it was set up to do.
    func noticePreamble(_ sentence: String, from peer: Peer) {
        // One that was gone before it could be asked is named by its next connection.
        guard peer != .unknown else { return }
        log.notice(.preamble, of: "\(peer)") {
            ["peer": "\(peer)"]
        } cure: {
            sentence
        }
    }

    /// What a proxy before us may have read in another way than we would (RFC 9112, section 3.2).
    ///
    /// - Parameters:
    ///   - target: the request's target, as it stood. Any other form than a path names a host a second time.
    ///   - hosts: the lines of the `Host` header.
    static func ambiguity(target: String, hosts: [String]) -> ChatError? {
        guard target.hasPrefix("/") else { return ChatError(.badRequest, "The request's target has to be a path.") }
        return hosts.count > 1 ? ChatError(.badRequest, "A request has one Host.") : nil
    }

    /// What is wrong with where a request was sent; `nil` where it is for us.
    ///
    /// - Parameter target: the path, maybe with what the public URL has in front.
    /// - Returns: `bad_request` where it does not say, `host_unknown` where it is for another server.
    package func fault(target: String, host line: String?, visitor: Visitor) -> ChatError? {
        // Whoever watches over a server asks it by its address, or by none.
        if localPath(target).hasPrefix("/api/health") { return nil }
        guard let line else { return ChatError(.badRequest, "A request has a Host.") }
        // Both: a page elsewhere may add X-Forwarded-Host to its requests, and its own Host it cannot take off.
        if hosts.allows(line), hosts.allows(visitor.host ?? line) { return nil }
        let shown = line.excerpt(200)
        log.notice(.unknownHost, of: shown) {
            ["host": shown, "peer": "\(visitor.peer)"]
        } cure: {
            let name = HostPolicy.name(line)?.excerpt(200) ?? "NAME"
            return "none, unless this is a name of yours: then public-url, or allowed-hosts=\(name)"
        }
        return ChatError(
            .hostUnknown,
            "This server is not at this address. Its operator finds in its log which setting lets it answer here.")
    }

    /// A path without what the public URL has in front of all: some proxies take that off, and some do not.
    package func localPath(_ target: String) -> String {
        let prefix = publicURL.path
        guard !prefix.isEmpty, target.hasPrefix(prefix) else { return target }
        let rest = target.dropFirst(prefix.count)
        switch rest.first {
        case "/":
            // Where the prefix is also a path of ours, what is behind it tells whether it was taken off already.
            let own = prefix.dropFirst().prefix { $0 != "/" }
            let next = rest.dropFirst().prefix { $0 != "/" && $0 != "?" }
            return Self.roots.contains(own) && !Self.roots.contains(next) ? target : String(rest)
        case nil, "?": return "/" + rest
        default: return target
        }
    }

    /// Says in the log why a page was refused, with both addresses and the setting that would let it in.
    ///
    /// - Parameter origin: as the browser sent it.
    package func refused(origin: String?, visitor: Visitor) {
        let origin = origin?.excerpt(200) ?? "none"
        let host = visitor.host?.excerpt(200) ?? "none"
        log.notice(.refusedOrigin, of: "\(origin) \(host) \(visitor.peer)") {
            [
                "origin": origin, "expected": publicURL.origin, "host": host,
                "scheme": visitor.isSecure ? "https" : "http", "address": "\(visitor)", "peer": "\(visitor.peer)",
            ]
        } cure: {
            cure(forOrigin: origin, visitor)
        }
    }

    /// The line that fail2ban reads (docs/front-door.md): its words and the order of its fields do not change without a new
    /// version, and none of them is anybody's text. Whoever cannot be banned without banning others is not named.
    package func authenticationFailed(reason: ChatError.Code, of visitor: Visitor) {
        let isBannable = network(of: visitor) != nil
        logger.notice(
            "auth-failure",
            metadata: [
                "address": "\(isBannable ? visitor.description : "unattributable")", "reason": "\(reason.rawValue)",
                "version": "1", "visitor": "\(visitor)",
            ])
    }

    /// What one customer of a provider has: an IPv4 address, or an IPv6 network of 64 bits. `nil` where counting by it would
    /// meet somebody else: the visitor's address is not known, or private, or one of the proxies'.
    package func network(of visitor: Visitor) -> AddressRange? {
        guard let address = visitor.address, !address.isPrivate, !resolver.trusted.trusts(address) else { return nil }
        return address.network
    }

    /// A page that came from where it asks is ours under another name than the setting has.
    private func cure(forOrigin origin: String, _ visitor: Visitor) -> String {
        guard let page = PublicURL(origin), page.path.isEmpty else { return "none: it names no page" }
        let isOwn = visitor.host.flatMap { HostPolicy.name($0) } == page.host
        return isOwn ? "public-url=\(page.origin)\(publicURL.path)" : "allowed-origins=\(page.origin) if it is yours"
    }

    /// The setting as it is, and what to add. Anybody may send the headers of a proxy; to believe a stranger's is to believe
    /// whatever they make up.
    private func cure(for peer: Peer) -> String {
        let entries = resolver.trusted.entries + [TrustedProxies.entry(for: peer)]
        let setting = "trusted-proxies=" + entries.joined(separator: ",")
        return peer.address?.isPrivate == false ? "none, unless \(peer) is a proxy of yours: then \(setting)" : setting
    }
}
