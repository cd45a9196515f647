/// Refuses what could end a word, a string or a block in any of the languages that configurations are written in, and
/// plans that contradict themselves.
enum PlanCheck {
    static func check(_ plan: ProxyPlan, for kind: ProxyKind) throws(PlanFault) {
        try checkPublicURL(plan.publicURL)
        try checkUpstream(plan.upstream)
        if let directory = plan.staticDirectory { try checkPath(directory, "The static directory") }
        if case .files(let certificate, let key) = plan.tls {
            try checkPath(certificate, "The certificate's path")
            try checkPath(key, "The key's path")
        }
        try checkNumbers(plan)
        try checkProxies(plan)
        if kind.listens { try checkPosition(plan) }
    }

    private static func checkPublicURL(_ url: PublicURL) throws(PlanFault) {
        let isName = url.host.wholeMatch(of: /[a-z0-9]([a-z0-9._-]*[a-z0-9])?/) != nil
        guard isName || url.host.wholeMatch(of: /\[[0-9a-f:.]+\]/) != nil else {
            throw PlanFault("The public URL's host may have letters, digits, dots and hyphens only.")
        }
        guard url.path.wholeMatch(of: /(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/) != nil else {
            throw PlanFault("The public URL's path may have letters, digits, and any of -._~ only.")
        }
    }

    private static func checkUpstream(_ upstream: ProxyPlan.Upstream) throws(PlanFault) {
        switch upstream {
        case .tcp(let host, let port):
            let isName = host.wholeMatch(of: /[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?/) != nil
            let address = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
            guard isName || address.wholeMatch(of: /[0-9A-Fa-f:.]+/) != nil && IPAddress(address) != nil else {
                throw PlanFault("The server's host has to be a name or an address.")
            }
            guard (1...65_535).contains(port) else {
                throw PlanFault("The server's port has to be a number from 1 to 65535.")
            }
        case .unix(let path):
            try checkPath(path, "The path of the server's socket")
            guard path.utf8.count <= socketPathBytesMax else {
                throw PlanFault("The path of the server's socket may have \(socketPathBytesMax) bytes at most.")
            }
        }
    }

    private static func checkPath(_ path: String, _ what: String) throws(PlanFault) {
        guard path.wholeMatch(of: /(\/[A-Za-z0-9._@+=,~-]+)+\/?/) != nil else {
            throw PlanFault("\(what) has to be absolute, of letters, digits, and any of ._@+=,~- only.")
        }
    }

    private static func checkNumbers(_ plan: ProxyPlan) throws(PlanFault) {
        guard (0...bodyBytesMax).contains(plan.bodyBytesMax) else {
            throw PlanFault("The largest upload has to be a number of bytes, up to \(bodyBytesMax).")
        }
        guard silenceSeconds.contains(plan.silenceSeconds) else {
            throw PlanFault("The seconds of silence have to be from \(silenceSeconds.lowerBound) to a week's.")
        }
        if let version = plan.proxyVersion, ProxyVersion(version) == nil {
            throw PlanFault("The proxy's version has to be numbers with dots between them, such as 1.25.1.")
        }
    }

    private static func checkProxies(_ plan: ProxyPlan) throws(PlanFault) {
        guard TrustedProxies(plan.trustedProxies) != nil else {
            throw PlanFault("One of the trusted proxies is no address, no range and no set's name.")
        }
        guard case .inner(let outer) = plan.position else { return }
        guard !outer.isEmpty else {
            throw PlanFault("A proxy behind another one has to know its addresses: name the outer proxy's.")
        }
        guard TrustedProxies(outer) != nil, !outer.contains("unix") else {
            throw PlanFault("One of the outer proxies is no address, no range and no set's name.")
        }
        guard plan.trustedRanges.allSatisfy({ $0.prefix > 0 }) else {
            throw PlanFault("Who trusts all addresses lets everybody choose their own: name the proxies' addresses.")
        }
    }

    /// What holds for proxies that listen on a port themselves.
    private static func checkPosition(_ plan: ProxyPlan) throws(PlanFault) {
        if !plan.publicURL.isSecure, case .files = plan.tls {
            throw PlanFault("There is a certificate, but the public URL begins with http: write it with https.")
        }
        if plan.publicURL.isSecure, plan.tls == .none, plan.isEdge {
            throw PlanFault("TLS ends further out, so there is another proxy: name the outer proxy's addresses.")
        }
    }

    /// 1 TiB; no proxy counts further than its numbers go.
    private static let bodyBytesMax = 1 << 40
    /// A minute is below the heartbeat's own patience; HAProxy's time-outs end at 24 days.
    private static let silenceSeconds = 60...604_800
    /// What `sockaddr_un` has room for on Linux, without the NUL at its end.
    private static let socketPathBytesMax = 107
}
