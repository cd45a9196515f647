/// What the generators derive from a plan.
extension ProxyPlan {
    /// Whether people's browsers or the outer proxy speak TLS with this proxy.
    var endsTLS: Bool { publicURL.isSecure && tls != .none }

    /// The port that this proxy listens on: the public one, unless TLS ends further out.
    var listenPort: Int { publicURL.isSecure && !endsTLS ? 80 : publicURL.port }

    /// Whether this proxy is the one to send people from http to https: an outer one may speak plain http with it.
    var redirectsToTLS: Bool { endsTLS && isEdge && publicURL.port != 80 }

    var isEdge: Bool { position == .edge }

    /// The server's address in a URL: an IPv6 address in brackets. `nil` for a Unix socket.
    var upstreamAuthority: String? {
        guard case .tcp(let host, let port) = upstream else { return nil }
        return "\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host):\(port)"
    }

    /// The server's address in a URL, for a proxy that knows no Unix sockets.
    func upstreamAuthority(for proxy: String) throws(PlanFault) -> String {
        guard let upstreamAuthority else {
            throw PlanFault("\(proxy) reaches the server over TCP only: let the server listen on 127.0.0.1.")
        }
        return upstreamAuthority
    }

    func refuseStaticDirectory(for proxy: String) throws(PlanFault) {
        guard staticDirectory == nil else {
            throw PlanFault("\(proxy) serves no files: leave the static directory out, and the server serves them.")
        }
    }

    /// The outer proxies' addresses; none at the edge.
    var outerRanges: [AddressRange] {
        guard case .inner(let outer) = position else { return [] }
        return Self.ranges(outer)
    }

    /// Of all proxies that are to be believed, the outer ones among them.
    var trustedRanges: [AddressRange] {
        let known = Self.ranges(trustedProxies)
        return known + outerRanges.filter { !known.contains($0) }
    }

    /// What the setting `trusted-proxies` has to be: the proxies themselves, and those further out.
    func trustedEntries(nearest: String) -> [String] {
        var entries = trustedProxies.isEmpty ? [nearest] : trustedProxies
        if case .inner(let outer) = position { entries += outer.filter { !entries.contains($0) } }
        return entries
    }

    /// In MiB, rounded up: the largest upload and 1 MiB for what multipart bodies have around it.
    var bodyMebibytes: Int { (bodyBytesMax + 2 * Self.mebibyte - 1) / Self.mebibyte }

    /// As `bodyMebibytes`, in bytes.
    var bodyBytes: Int { bodyMebibytes * Self.mebibyte }

    var version: ProxyVersion? { proxyVersion.flatMap { ProxyVersion($0) } }

    /// Whether the public host is an address instead of a name.
    var isHostAnAddress: Bool { publicURL.host.hasPrefix("[") || IPAddress(publicURL.host) != nil }

    /// Where the certificate lies, for a proxy that reads it from files.
    /// - Returns: `nil` where this proxy speaks plain http.
    func certificateFiles(for proxy: String) throws(PlanFault) -> CertificateFiles? {
        guard endsTLS else { return nil }
        if case .files(let certificate, let key) = tls {
            return CertificateFiles(certificate: certificate, key: key, isFromCertbot: false)
        }
        try requireCertifiableHost(for: proxy)
        return CertificateFiles(fromCertbotFor: publicURL.host)
    }

    /// - Throws: where no authority gives certificates for the host.
    func requireCertifiableHost(for proxy: String) throws(PlanFault) {
        guard !publicURL.isLocal, !isHostAnAddress, publicURL.host.contains(".") else {
            throw PlanFault(
                "\(proxy) gets no certificate for \(publicURL.host) by itself: name a certificate and its key.")
        }
    }

    static let mebibyte = 1_048_576

    private static func ranges(_ entries: [String]) -> [AddressRange] {
        entries.flatMap { entry in TrustedProxies.sets[entry] ?? AddressRange(entry).map { [$0] } ?? [] }
    }
}
