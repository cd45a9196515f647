import Model
import Synchronization

/// Whether the server can do its work, as `/api/health` tells it.
package final class Health: Sendable {
    private let version: String
    private let startedAt = ContinuousClock.now
    private let state = Mutex(State())
    private let databaseAnswers: @Sendable () async -> Bool

    /// - Parameter databaseAnswers: asks the database something.
    package init(version: String, databaseAnswers: @escaping @Sendable () async -> Bool) {
        self.version = version
        self.databaseAnswers = databaseAnswers
    }

    private struct State {
        var isReady = false
        var waiting: [AsyncStream<Void>.Continuation] = []
    }

    /// The migrations have been run: from now on requests are answered.
    package func becomeReady() {
        let waiting = state.withLock { state in
            state.isReady = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.finish() }
    }

    package var isReady: Bool { state.withLock(\.isReady) }

    /// Returns when requests are answered, or when the task is cancelled.
    package func waitUntilReady() async {
        let (ready, continuation) = AsyncStream.makeStream(of: Void.self)
        let isReady = state.withLock { state in
            if !state.isReady { state.waiting.append(continuation) }
            return state.isReady
        }
        if isReady { return }
        for await _ in ready {}
    }

    struct Report: Encodable, Sendable {
        let status: String
        let version: String
        /// Seconds since the start.
        let uptime: Int64
        let database: String

        var isHealthy: Bool { status == "ok" }
    }

    func report() async -> Report {
        let database = isReady ? (await databaseAnswers() ? "ok" : "unavailable") : "migrating"
        return Report(
            status: database == "ok" ? "ok" : (isReady ? "failing" : "starting"), version: version,
            uptime: (ContinuousClock.now - startedAt).components.seconds, database: database)
    }
}
