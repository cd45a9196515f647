/// Finds out who sent a request (RFC 7239; docs/front-door.md). Pure: the same request gives the same answer.
///
/// Only what a trusted peer says counts, and of that only what the hops before us added: the addresses are walked from
/// our side to the client's, as long as each hop is trusted. What stands further left came from outside.
package struct VisitorResolver: Sendable {
    package let trusted: TrustedProxies

    /// More hops than any real chain has. What is beyond is not looked at.
    private static let hopsMax = 32

    package init(trusted: TrustedProxies) {
        self.trusted = trusted
    }

    /// - Parameter isSecure: whether the connection to us is TLS.
    package func visitor(peer: Peer, isSecure: Bool, _ headers: ForwardedHeaders) -> Visitor {
        let host = headers.host.count == 1 ? headers.host[0] : nil
        guard trusted.trusts(peer) else {
            return Visitor(
                address: peer.address, peer: peer, isSecure: isSecure, host: host,
                basis: headers.isEmpty ? .direct : .untrusted)
        }
        guard !headers.isEmpty else {
            // On the machine itself that is somebody at it; from elsewhere it is a proxy that does not say.
            let isDirect = peer.address?.isLoopback ?? false
            return Visitor(
                address: isDirect ? peer.address : nil, peer: peer, isSecure: isSecure, host: host,
                basis: isDirect ? .direct : .unattributable)
        }
        let hops = hops(headers)
        let walk = walk(hops)
        return Visitor(
            address: walk.address, peer: peer,
            isSecure: scheme(hops, reached: walk.index).map { $0 == "https" } ?? isSecure,
            host: self.host(hops, reached: walk.index) ?? host,
            basis: walk.address == nil ? .unattributable : .forwarded)
    }

    // MARK: The chain

    private struct Hops {
        /// From our side to the client's.
        var nodes: [ForwardedNode]
        var schemes: [String]
        var hosts: [String]
    }

    /// `X-Forwarded-*` where there is any, since that is what proxies set by themselves; `Forwarded` where it alone is
    /// there. A client's own `Forwarded` travels through proxies that know nothing of it, and must not win.
    private func hops(_ headers: ForwardedHeaders) -> Hops {
        if headers.forwardedFor.isEmpty, headers.forwardedProto.isEmpty, headers.forwardedHost.isEmpty {
            let elements = ForwardedElements(lines: headers.forwarded).elements.suffix(Self.hopsMax).reversed()
            // One of each for every hop, so that none is taken for another hop's.
            return Hops(
                nodes: elements.map { $0.node ?? .unknown }, schemes: elements.map { $0.scheme ?? "" },
                hosts: elements.map { $0.host ?? "" })
        }
        return Hops(
            nodes: Self.values(headers.forwardedFor).map { ForwardedNode($0) },
            schemes: Self.values(headers.forwardedProto), hosts: Self.values(headers.forwardedHost))
    }

    /// The values of a header that is a list, over all its lines (RFC 9110, section 5.3), the last one first.
    private static func values(_ lines: [String]) -> [String] {
        var values: [String] = []
        for line in lines.reversed() {
            // By bytes: a comma may be one Character together with what a client wrote before it.
            for value in line.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).reversed() {
                guard values.count < hopsMax else { return values }
                values.append(Substring(value).trimmingOptionalWhitespace())
            }
        }
        return values
    }

    /// The first hop that is not a proxy of ours, and how far from us it is.
    private func walk(_ hops: Hops) -> (address: IPAddress?, index: Int) {
        var last: IPAddress?
        for (index, node) in hops.nodes.enumerated() {
            guard case .address(let address) = node else { return (nil, index) }
            guard trusted.trusts(address) else { return (address, index) }
            last = address
        }
        // Proxies all the way: the visitor is on the machine of the outermost one, or that one does not say.
        return (last, max(hops.nodes.count - 1, 0))
    }

    /// The scheme of the hop that the visitor came over. Where fewer schemes than hops are told, each proxy sets it
    /// anew, and the one that is there is the outermost's.
    private func scheme(_ hops: Hops, reached index: Int) -> String? {
        guard !hops.schemes.isEmpty else { return nil }
        let value = hops.schemes[min(index, hops.schemes.count - 1)].lowercased()
        return switch value {
        case "https", "wss": "https"
        case "http", "ws": "http"
        default: nil
        }
    }

    private func host(_ hops: Hops, reached index: Int) -> String? {
        guard !hops.hosts.isEmpty else { return nil }
        let host = hops.hosts[min(index, hops.hosts.count - 1)]
        return host.isEmpty ? nil : host
    }
}
