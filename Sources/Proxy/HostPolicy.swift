/// Which names this server answers to. A page elsewhere may make its own name lead here (DNS rebinding), and would then
/// pass for one of ours.
package struct HostPolicy: Sendable {
    private let publicURL: PublicURL
    private let others: Set<String>

    /// - Parameter others: further names, without ports, in lower case.
    package init(publicURL: PublicURL, others: [String] = []) {
        self.publicURL = publicURL
        self.others = Set(others)
    }

    /// - Parameter host: as the client sent it, maybe with a port. The port does not count: proxies drop it, and a page
    ///   at another port of our name is ours or the operator's.
    package func allows(_ host: String) -> Bool {
        guard let name = Self.name(host) else { return false }
        return name == publicURL.host || PublicURL.localHosts.contains(name) || others.contains(name)
    }

    /// The name without its port, in lower case; `nil` where it is none.
    package static func name(_ host: String) -> String? {
        let lower = host.lowercased()
        let end =
            lower.hasPrefix("[") ? lower.firstIndex(of: "]").map { lower.index(after: $0) } : lower.firstIndex(of: ":")
        guard let end else { return lower.hasPrefix("[") || lower.isEmpty ? nil : lower }
        let port = lower[end...]
        guard port.isEmpty || port.first == ":" && port.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            return nil
        }
        let name = String(lower[..<end])
        return name.isEmpty ? nil : name
    }
}
