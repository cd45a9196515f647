package import Model

/// When a mail that was not taken is tried again: after a while that doubles each time, until it is given up.
package struct RetryPlan: Hashable, Sendable {
    /// After the first attempt.
    package var wait = Seconds(60)
    package var waitMax = Seconds(14_400)
    /// How long a mail is tried, from when it was written.
    package var duration = Seconds.days(3)

    package init() {}

    /// - Parameter attempts: how many there were; at least 1.
    package func wait(after attempts: Int) -> Seconds {
        // More doublings than that overflow, and reach the longest wait long before.
        let doublings = min(max(attempts - 1, 0), 30)
        return Seconds(min(wait.count << doublings, max(wait.count, waitMax.count)))
    }
}
