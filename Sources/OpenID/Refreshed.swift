import Model

/// What is fetched now and then and used in between. However many ask at once, one fetch is under way.
actor Refreshed<Value: Sendable> {
    /// How long what was fetched is used.
    private let lifetime: Seconds
    /// The least time between two fetches that `anew` makes.
    private let pause: Seconds
    private let now: @Sendable () -> Timestamp
    private let fetch: @Sendable () async throws -> Value

    private var kept: (value: Value, at: Timestamp)?
    private var flight: Task<Value, any Error>?
    private var lastAnew: Timestamp?

    init(
        lifetime: Seconds, pause: Seconds, now: @escaping @Sendable () -> Timestamp,
        fetch: @escaping @Sendable () async throws -> Value
    ) {
        self.lifetime = lifetime
        self.pause = pause
        self.now = now
        self.fetch = fetch
    }

    /// What was fetched last, or just now if that was too long ago. An error is not kept: the next one asks again.
    func value() async throws -> Value {
        if let kept, isWithin(lifetime, of: kept.at) { return kept.value }
        return try await fetched()
    }

    /// Fetched now, before its time.
    /// - Returns: `nil` when this was done less than `pause` ago, whether or not it worked.
    func anew() async throws -> Value? {
        if flight == nil {
            if let lastAnew, isWithin(pause, of: lastAnew) { return nil }
            lastAnew = now()
        }
        return try await fetched()
    }

    private func fetched() async throws -> Value {
        if let flight { return try await flight.value }
        // Its own task: whoever asked first may go away, and the others still wait for it.
        let flight = Task { [fetch] in try await fetch() }
        self.flight = flight
        defer { self.flight = nil }
        let value = try await flight.value
        kept = (value, now())
        return value
    }

    /// A moment that is still to come, by a clock that was set back, is not within anything.
    private func isWithin(_ time: Seconds, of moment: Timestamp) -> Bool {
        let now = now()
        return moment <= now && now < moment + time
    }
}
