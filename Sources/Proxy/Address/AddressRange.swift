/// A range of addresses, as CIDR writes it (RFC 4632): `10.0.0.0/8`, `2001:db8::/32`. A single address is one, too.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    /// The range's first address: all bits behind the prefix are 0.
    package let first: IPAddress
    /// How many bits its addresses have in common.
    package let prefix: Int

    /// Reads an address, maybe with a slash and a number of bits. Bits behind those are refused by nobody, and mean
    /// nothing.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress($0) }), parts.count <= 2 else { return nil }
        // An IPv4 range that is written as IPv6 has 96 bits in front.
        let bits = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(address, prefix: bits)
            return
        }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), var prefix = Int(parts[1]) else { return nil }
        if address.isV4, parts[0].contains(":") { prefix -= 96 }
        guard (0...bits).contains(prefix) else { return nil }
        self.init(address, prefix: prefix)
    }

    package init(_ address: IPAddress, prefix: Int) {
        self.prefix = prefix
        first = IPAddress(
            bytes: address.bytes.enumerated().map { index, byte in
                let bits = min(max(prefix - index * 8, 0), 8)
                return byte & ~(0xFF >> bits)
            })
    }

    package func contains(_ address: IPAddress) -> Bool {
        guard address.isV4 == first.isV4 else { return false }
        let whole = prefix / 8
        guard address.bytes.prefix(whole) == first.bytes.prefix(whole) else { return false }
        let bits = prefix % 8
        return bits == 0 || address.bytes[whole] & ~(0xFF >> bits) == first.bytes[whole]
    }

    /// Larger than anybody's own network.
    package var isVast: Bool { prefix < (first.isV4 ? 8 : 16) }

    package var description: String {
        prefix == first.bytes.count * 8 ? first.description : "\(first)/\(prefix)"
    }

    /// For ranges that stand in our code.
    private static func fixed(_ texts: String...) -> [AddressRange] {
        texts.map { text in
            guard let range = AddressRange(text) else { preconditionFailure("\(text) is no range") }
            return range
        }
    }

    package static let loopback = fixed("127.0.0.0/8", "::1")
    /// Private networks (RFC 1918, RFC 4193).
    package static let privateNetworks = fixed("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
    static let notPublic =
        loopback + privateNetworks + fixed("169.254.0.0/16", "fe80::/10", "100.64.0.0/10", "0.0.0.0/8", "::/128")
    /// What IANA's registries of special-purpose addresses keep from the internet, or for a use of its own (RFC 6890 and
    /// its updates), and multicast (RFC 5771).
    package static let special =
        notPublic
        + fixed(
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
    /// All that IPv6 has given out for the internet (RFC 4291, section 2.5.4); what is special in it is in `special`.
    package static let globalUnicast = fixed("2000::/3")
    /// IPv4 addresses behind a translator, in their last four bytes (RFC 6052, section 2.1).
    package static let translated = fixed("64:ff9b::/96")
    /// Cloudflare's proxies, as <https://www.cloudflare.com/ips/> listed them on 2025-06-01.
    package static let cloudflare = fixed(
        "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18",
        "108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17",
        "162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22", "2400:cb00::/32",
        "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32")
}
