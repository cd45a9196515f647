package import Logging
package import Model
package import Proxy
import Synchronization

/// What every request passes first, an ordinary one and one for a socket alike: who sent it, whether it is meant for
/// this server, and which of our paths it asks for.
package final class FrontDoor: Sendable {
    package let publicURL: PublicURL
    package let resolver: VisitorResolver
    private let hosts: HostPolicy
    private let logger: Logger
    /// Whom the log has named already. Not more than so many: anybody on a large network may connect.
    private let noticed = Mutex<Set<Notice>>([])
    private static let noticesMax = 64

    private enum Notice: Hashable {
        case untrusted(Peer)
        case silent(Peer)
        case host(String)
    }

    package init(publicURL: PublicURL, trusted: TrustedProxies, hosts: HostPolicy, logger: Logger) {
        self.publicURL = publicURL
        resolver = VisitorResolver(trusted: trusted)
        self.hosts = hosts
        self.logger = logger
    }

    /// Who sent a request. What is wrong with the proxies is said in the log, once for each of them.
    package func visitor(peer: Peer, isSecure: Bool, _ headers: ForwardedHeaders) -> Visitor {
        let visitor = resolver.visitor(peer: peer, isSecure: isSecure, headers)
        switch visitor.basis {
        case .direct, .forwarded: break
        case .untrusted:
            notice(.untrusted(peer)) {
                logger.warning(
                    "headers of a proxy that is not trusted are ignored",
                    metadata: ["peer": "\(peer)", "cure": "trusted-proxies=\(cure(for: peer))"])
            }
        case .unattributable:
            notice(.silent(peer)) {
                logger.warning(
                    "a trusted proxy does not say whom it speaks for",
                    metadata: [
                        "peer": "\(peer)",
                        "cure": "let it send X-Forwarded-For: parley proxy-config writes its configuration",
                    ])
            }
        }
        return visitor
    }

    /// What is wrong with where a request was sent; `nil` where it is for us.
    ///
    /// - Parameters:
    ///   - target: the request's target, as it stood.
    ///   - hosts: the lines of the `Host` header; a second one was refused before.
    /// - Returns: `bad_request`, or `host_unknown` where it is for another server.
    package func fault(target: String, hosts lines: [String], visitor: Visitor) -> ChatError? {
        // Absolute-form and `*` (RFC 9112, section 3.2) name a host a second time, which a proxy may read differently.
        guard target.hasPrefix("/") else {
            return ChatError(.badRequest, "The request's target has to be a path.")
        }
        // Whoever watches over a server asks it by its address, or by none.
        if localPath(target).hasPrefix("/api/health") { return nil }
        guard let line = lines.first else { return ChatError(.badRequest, "A request has a Host.") }
        if hosts.allows(visitor.host ?? line) || hosts.allows(line) { return nil }
        notice(.host(line.excerpt(200))) {
            logger.warning(
                "a request for another host was refused",
                metadata: [
                    "host": "\(line.excerpt(200))", "peer": "\(visitor.peer)",
                    "cure": "public-url, or allowed-hosts=\(HostPolicy.name(line)?.excerpt(200) ?? "NAME")",
                ])
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
        case "/": return String(rest)
        case nil, "?": return "/" + rest
        default: return target
        }
    }

    private func notice(_ notice: Notice, _ log: () -> Void) {
        let isNew = noticed.withLock { $0.count < Self.noticesMax && $0.insert(notice).inserted }
        if isNew { log() }
    }

    /// The setting as it is, and what to add.
    private func cure(for peer: Peer) -> String {
        (resolver.trusted.entries + [TrustedProxies.entry(for: peer)]).joined(separator: ",")
    }
}
