/// Whose word counts about where a request comes from: the setting `trusted-proxies`.
package struct TrustedProxies: Sendable {
    private let ranges: [AddressRange]
    /// Whoever connects over our Unix socket, which the file's permissions let in.
    private let trustsUnix: Bool
    /// As the setting has them.
    package let entries: [String]

    /// - Parameter entries: ranges, addresses, `unix`, or the name of a set.
    /// - Returns: `nil` where one of them is none of these.
    package init?(_ entries: [String]) {
        self.entries = entries
        trustsUnix = entries.contains("unix")
        var ranges: [AddressRange] = []
        for entry in entries where entry != "unix" {
            if let set = Self.sets[entry] {
                ranges += set
            } else if let range = AddressRange(entry) {
                ranges.append(range)
            } else {
                return nil
            }
        }
        self.ranges = ranges
    }

    package func trusts(_ peer: Peer) -> Bool {
        switch peer {
        case .unix: trustsUnix
        case .address(let address): trusts(address)
        case .unknown: false
        }
    }

    package func trusts(_ address: IPAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// What to add to the setting for this peer to be trusted.
    package static func entry(for peer: Peer) -> String {
        if case .address(let address) = peer, AddressRange.cloudflare.contains(where: { $0.contains(address) }) {
            return "cloudflare"
        }
        return peer.description
    }

    /// Sets that have a name, since nobody knows their ranges by heart.
    package static let sets = [
        "loopback": AddressRange.loopback, "private": AddressRange.privateNetworks,
        "cloudflare": AddressRange.cloudflare,
    ]
}
