import Foundation

/// An IPv4 or IPv6 address. An IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`) is the IPv4 address: both name
/// the same machine, and a list that has the one must not miss the other.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes, in network order.
    package let bytes: [UInt8]

    package var isV4: Bool { bytes.count == 4 }

    /// Reads `192.0.2.1` or `2001:db8::1`, which may have a zone behind it (`fe80::1%eth0`, RFC 4007), which is dropped:
    /// it means something on one machine alone. Brackets and ports are not part of an address.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.textMax else { return nil }
        var v4 = in_addr()
        if inet_pton(AF_INET, String(text), &v4) == 1 {
            self.init(bytes: withUnsafeBytes(of: &v4) { Array($0) })
            return
        }
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first, parts.count == 1 || !parts[1].isEmpty else { return nil }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, String(address), &v6) == 1 else { return nil }
        self.init(bytes: withUnsafeBytes(of: &v6) { Array($0) })
    }

    /// - Parameter bytes: 4 or 16, in network order.
    package init(bytes: [UInt8]) {
        precondition(bytes.count == 4 || bytes.count == 16, "an address of \(bytes.count) bytes")
        let isMapped = bytes.count == 16 && bytes.starts(with: Self.mappedPrefix)
        self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
    }

    /// As RFC 5952 writes it, without brackets.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = isV4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else {
            preconditionFailure("an address that cannot be written")
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Of the machine itself.
    package var isLoopback: Bool { AddressRange.loopback.contains { $0.contains(self) } }

    /// Not to be reached over the internet: of the machine, of a private network, of a link, or shared by a carrier's
    /// customers (RFC 1918, 3927, 4193, 4291, 6598).
    package var isPrivate: Bool { AddressRange.notPublic.contains { $0.contains(self) } }

    /// On the internet, and not on this machine, in a network of ours, or in a range with a use of its own. An address
    /// that a translator turns into an IPv4 one is judged by that.
    package var isGlobal: Bool {
        if AddressRange.translated.contains(where: { $0.contains(self) }) {
            return IPAddress(bytes: Array(bytes.suffix(4))).isGlobal
        }
        let isGivenOut = isV4 || AddressRange.globalUnicast.contains { $0.contains(self) }
        return isGivenOut && !AddressRange.special.contains { $0.contains(self) }
    }

    /// What one customer has: an IPv4 address, or an IPv6 network of 64 bits.
    package var network: AddressRange {
        AddressRange(self, prefix: isV4 ? 32 : 64)
    }

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    /// The longest address with a zone that any system writes.
    private static let textMax = 80
}
