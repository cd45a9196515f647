package import Model
package import NIOCore
package import Proxy
import Synchronization

/// How old sockets were that ended without a word from either side, in the last day. People whose telephones lose the
/// network do so at any age; a proxy with a time limit cuts them all at the same.
///
/// Of one network only so many count: whoever ends theirs on purpose has to be in several to be believed.
package final class LostSockets: Sendable {
    private struct Loss {
        /// In whole seconds; `agesMax` for all that were older.
        let age: Int
        let network: AddressRange?
        let at: Timestamp
    }

    private struct State {
        var losses = CircularBuffer<Loss>()
        var perNetwork: [AddressRange: Int] = [:]

        mutating func removeFirst() {
            guard let network = losses.removeFirst().network else { return }
            perNetwork[network, default: 1] -= 1
            if perNetwork[network] == 0 { perNetwork[network] = nil }
        }
    }

    private let state = Mutex(State())
    private static let agesMax = 3600
    private static let lossesMax = 5000
    private static let perNetworkMax = 10
    private static let memory = Seconds.days(1)
    /// So many have to end, and this share of them within three seconds of age, for a proxy to be suspected.
    private static let lossesMin = 20
    private static let share = 0.4

    package struct Peak: Hashable, Sendable {
        /// The age, in seconds, at which most were lost.
        package let age: Int
        /// How many of `total` were lost at that age, give or take a second.
        package let count: Int
        package let total: Int
    }

    package init() {}

    /// - Parameter network: whose it was; `nil` where that is not known, or is one of our own, which all count.
    package func record(age: TimeAmount, from network: AddressRange? = nil, now: Timestamp = .steady) {
        let seconds = min(max(Int(clamping: age.nanoseconds / 1_000_000_000), 0), Self.agesMax)
        state.withLock { state in
            Self.forget(&state, now)
            if let network {
                guard state.perNetwork[network, default: 0] < Self.perNetworkMax else { return }
                state.perNetwork[network, default: 0] += 1
            }
            if state.losses.count >= Self.lossesMax { state.removeFirst() }
            state.losses.append(Loss(age: seconds, network: network, at: now))
        }
    }

    package var total: Int { ages(.steady).count }

    /// The age at which something cuts sockets; `nil` where nothing seems to.
    package var peak: Peak? {
        let ages = ages(.steady)
        guard ages.count >= Self.lossesMin else { return nil }
        var counts = Array(repeating: 0, count: Self.agesMax + 1)
        for age in ages { counts[age] += 1 }
        // Those who leave at once did not get as far as to be idle.
        let idle = 5..<(Self.agesMax - 1)
        guard let age = idle.max(by: { (Self.around($0, counts), counts[$0]) < (Self.around($1, counts), counts[$1]) })
        else { return nil }
        let count = Self.around(age, counts)
        guard Double(count) >= Self.share * Double(ages.count) else { return nil }
        return Peak(age: age, count: count, total: ages.count)
    }

    /// Those of the day before a moment.
    func ages(_ now: Timestamp) -> [Int] {
        state.withLock { state in
            Self.forget(&state, now)
            return state.losses.map(\.age)
        }
    }

    private static func forget(_ state: inout State, _ now: Timestamp) {
        while let first = state.losses.first, first.at + memory < now { state.removeFirst() }
    }

    private static func around(_ age: Int, _ counts: [Int]) -> Int { counts[(age - 1)...(age + 1)].reduce(0, +) }
}
