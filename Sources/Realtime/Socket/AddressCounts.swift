import CNIOLinux
import NIOCore
import Synchronization

/// Counts sockets by where they come from. An address that many may stand behind is not counted: loopback and private
/// ones are those of proxies. Of IPv6 the first 64 bits count, since one customer has all the rest.
final class AddressCounts: Sendable {
    private let max: Int
    private let counts = Mutex<[String: Int]>([:])

    init(max: Int) {
        self.max = max
    }

    /// - Returns: whether one more from there is fine; it is then counted until `leave`.
    func enter(_ address: SocketAddress?) -> Bool {
        guard let key = Self.key(address) else { return true }
        return counts.withLock { counts in
            guard counts[key, default: 0] < max else { return false }
            counts[key, default: 0] += 1
            return true
        }
    }

    func leave(_ address: SocketAddress?) {
        guard let key = Self.key(address) else { return }
        counts.withLock { counts in
            counts[key, default: 1] -= 1
            if counts[key] == 0 { counts[key] = nil }
        }
    }

    /// `nil` for an address that is not counted.
    static func key(_ address: SocketAddress?) -> String? {
        switch address {
        case .v4(let v4):
            let number = UInt32(bigEndian: v4.address.sin_addr.s_addr)
            return isShared(number) ? nil : String(number)
        case .v6(let v6):
            var bytes = v6.address.sin6_addr
            return withUnsafeBytes(of: &bytes) { bytes in
                let mapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
                if mapped {
                    let number = bytes.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                    return isShared(number) ? nil : String(number)
                }
                let isLoopback = bytes.prefix(15).allSatisfy { $0 == 0 } && bytes[15] == 1
                // fc00::/7 is private (RFC 4193), fe80::/10 is of the link.
                guard !isLoopback, bytes[0] & 0xFE != 0xFC, !(bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80) else {
                    return nil
                }
                return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
            }
        case .unixDomainSocket, nil:
            return nil
        }
    }

    /// 127/8, 10/8, 172.16/12, 192.168/16, 169.254/16 and 100.64/10.
    private static func isShared(_ address: UInt32) -> Bool {
        address >> 24 == 127 || address >> 24 == 10 || address >> 20 == 0xAC1 || address >> 16 == 0xC0A8
            || address >> 16 == 0xA9FE || address >> 22 == 0x191
    }
}
