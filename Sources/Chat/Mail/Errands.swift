package import Logging
import Synchronization

/// Work that nobody waits for, so that nobody learns from the time that it takes. What is under way is bounded.
package final class Errands: Sendable {
    private struct State {
        var underWay = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let underWayMax: Int
    private let logger: Logger

    package init(logger: Logger, underWayMax: Int = 1000) {
        self.logger = logger
        self.underWayMax = underWayMax
    }

    /// Begins a piece of work. Where too much is under way it is left out, and the log says so.
    package func run(_ name: String, _ work: @escaping @Sendable () async throws -> Void) {
        let mayBegin = state.withLock { state in
            guard state.underWay < underWayMax else { return false }
            state.underWay += 1
            return true
        }
        guard mayBegin else {
            logger.error("too much is under way; left out", metadata: ["work": "\(name)"])
            return
        }
        Task {
            do {
                try await work()
            } catch {
                logger.error("left undone", metadata: ["work": "\(name)", "error": "\(error)"])
            }
            done()
        }
    }

    /// Returns when nothing is under way.
    package func finish() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.underWay > 0 { state.waiting.append(continuation) }
                return state.underWay == 0
            }
            if isDone { continuation.resume() }
        }
    }

    private func done() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.underWay -= 1
            guard state.underWay == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
