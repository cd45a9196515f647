import Proxy
import Synchronization

/// Counts sockets by where they come from: an address, or of IPv6 the first 64 bits, since one customer has all the rest.
/// Addresses that many may stand behind are not counted: those of the machine and of private networks.
final class AddressCounts: Sendable {
    private let max: Int
    private let counts = Mutex<[AddressRange: Int]>([:])

    init(max: Int) {
        self.max = max
    }

    /// - Parameter address: `nil` where it is not known, which is not counted.
    /// - Returns: whether one more from there is fine; it is then counted until `leave`.
    func enter(_ address: IPAddress?) -> Bool {
        guard let network = Self.network(address) else { return true }
        return counts.withLock { counts in
            guard counts[network, default: 0] < max else { return false }
            counts[network, default: 0] += 1
            return true
        }
    }

    func leave(_ address: IPAddress?) {
        guard let network = Self.network(address) else { return }
        counts.withLock { counts in
            counts[network, default: 1] -= 1
            if counts[network] == 0 { counts[network] = nil }
        }
    }

    private static func network(_ address: IPAddress?) -> AddressRange? {
        guard let address, !address.isPrivate else { return nil }
        return address.network
    }
}
