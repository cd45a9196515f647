/// How often something may be done: so many times in so many seconds. All of them may come at once; after that one at a
/// time, evenly.
package struct Rate: Hashable, Sendable, CustomStringConvertible {
    package let count: Int
    package let seconds: Int64

    /// - Precondition: both are above zero.
    package init(_ count: Int, per seconds: Int64) {
        precondition(count > 0 && seconds > 0, "a rate of nothing")
        self.count = count
        self.seconds = seconds
    }

    /// Reads `30/300`: 30 in 300 seconds. Both are at least 1, and at most a million and a year.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]), let seconds = Int64(parts[1]),
            (1...1_000_000).contains(count), (1...31_536_000).contains(seconds)
        else { return nil }
        self.init(count, per: seconds)
    }

    package var description: String { "\(count)/\(seconds)" }
}
