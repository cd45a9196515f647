package import NIOCore
import Synchronization

/// How old sockets were that ended without a word from either side. People whose telephones lose the network do so at
/// any age; a proxy with a time limit cuts them all at the same.
package final class LostSockets: Sendable {
    /// By age in whole seconds; the last for all that were older.
    private let counts = Mutex(Array(repeating: 0, count: agesMax + 1))
    private static let agesMax = 3600
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

    package func record(age: TimeAmount) {
        let seconds = Int(clamping: age.nanoseconds / 1_000_000_000)
        counts.withLock { $0[min(max(seconds, 0), Self.agesMax)] += 1 }
    }

    package var total: Int { counts.withLock { $0.reduce(0, +) } }

    /// The age at which something cuts sockets; `nil` where nothing seems to.
    package var peak: Peak? {
        let counts = counts.withLock { $0 }
        let total = counts.reduce(0, +)
        // Those who leave at once did not get as far as to be idle.
        let ages = 5..<(Self.agesMax - 1)
        guard total >= Self.lossesMin,
            let age = ages.max(by: { (Self.around($0, counts), counts[$0]) < (Self.around($1, counts), counts[$1]) })
        else { return nil }
        let count = Self.around(age, counts)
        guard Double(count) >= Self.share * Double(total) else { return nil }
        return Peak(age: age, count: count, total: total)
    }

    private static func around(_ age: Int, _ counts: [Int]) -> Int { counts[(age - 1)...(age + 1)].reduce(0, +) }
}
