/// Who may come in, by address: ranges that are let in, and ranges that are not.
///
/// What is refused is refused, whatever else lets it in. Where nothing is let in by name, everybody is who is not refused.
/// A visitor whose address is not known is refused by any list: it could be anybody.
package struct AccessList: Sendable {
    package let allowed: [AddressRange]
    package let denied: [AddressRange]

    /// Lets everybody in.
    package init() {
        self.init(allowed: [], denied: [])
    }

    package init(allowed: [AddressRange], denied: [AddressRange]) {
        self.allowed = allowed
        self.denied = denied
    }

    package var isOpen: Bool { allowed.isEmpty && denied.isEmpty }

    /// - Parameter address: `nil` where it is not known.
    package func admits(_ address: IPAddress?) -> Bool {
        if isOpen { return true }
        guard let address, !denied.contains(where: { $0.contains(address) }) else { return false }
        return allowed.isEmpty || allowed.contains { $0.contains(address) }
    }

    /// Whether somebody on the server's own machine or in a private network may come in: the operator, at the worst.
    package var admitsNearby: Bool {
        let nearby = AddressRange.loopback + AddressRange.privateNetworks
        return nearby.contains { admits($0.first) }
            || allowed.contains { range in
                admits(range.first) && nearby.contains { $0.contains(range.first) }
            }
    }

    /// Reads a range, an address, or the name of a set; `nil` where it is none of these.
    package static func ranges(_ text: String) -> [AddressRange]? {
        TrustedProxies.sets[text] ?? AddressRange(text).map { [$0] }
    }
}
