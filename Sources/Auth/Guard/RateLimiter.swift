package import Model
import Synchronization

/// Lets each key do something as often as a rate says, and no oftener (the generic cell rate algorithm, ITU-T I.371: of
/// each key only the moment is kept until which it has used up its share). What it remembers is bounded: where too many
/// keys are in use at once, those that have used least are forgotten.
package final class RateLimiter<Key: Hashable & Sendable>: Sendable {
    /// In nanoseconds, as all times here.
    private let interval: Int64
    private let window: Int64
    private let keysMax: Int
    /// By the steady clock: who sets the machine's gives nobody a share anew, and takes none away.
    private let usedUntil = Mutex<[Key: Int64]>([:])

    package init(_ rate: Rate, keysMax: Int = 100_000) {
        window = rate.seconds * 1_000_000_000
        interval = window / Int64(rate.count)
        self.keysMax = keysMax
    }

    /// Counts one more.
    /// - Throws: `too_many_requests`, and does not count it.
    package func take(_ key: Key, now: Timestamp = .steady) throws(ChatError) {
        let wait = usedUntil.withLock { usedUntil in
            let until = max(usedUntil[key] ?? 0, now.nanoseconds) + interval
            let wait = until - now.nanoseconds - window
            guard wait <= 0 else { return wait }
            if usedUntil.count >= keysMax, usedUntil[key] == nil {
                Self.makeRoom(in: &usedUntil, keysMax: keysMax, now)
            }
            usedUntil[key] = until
            return 0
        }
        if wait > 0 { throw Self.refusal(wait) }
    }

    /// Whether one more would be let through; it is not counted.
    /// - Throws: `too_many_requests`.
    package func check(_ key: Key, now: Timestamp = .steady) throws(ChatError) {
        let until = usedUntil.withLock { max($0[key] ?? 0, now.nanoseconds) } + interval
        let wait = until - now.nanoseconds - window
        if wait > 0 { throw Self.refusal(wait) }
    }

    var keysInUse: Int { usedUntil.withLock { $0.count } }

    private static func makeRoom(in usedUntil: inout [Key: Int64], keysMax: Int, _ now: Timestamp) {
        usedUntil = usedUntil.filter { $0.value > now.nanoseconds }
        guard usedUntil.count >= keysMax else { return }
        let kept = usedUntil.sorted { $0.value > $1.value }.prefix(keysMax / 2)
        usedUntil = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }

    private static func refusal(_ wait: Int64) -> ChatError {
        let seconds = Seconds((wait + 999_999_999) / 1_000_000_000)
        return ChatError(
            .tooManyRequests, "That was too often. Try again in \(seconds.words).", retryAfter: seconds)
    }
}

extension Timestamp {
    fileprivate var nanoseconds: Int64 { milliseconds * 1_000_000 }
}
