import NIOCore
import Synchronization

/// Where other threads put what a shard is to handle: one hop to its event loop for all that gathers meanwhile.
final class ShardInbox: Sendable {
    private struct State {
        var items: [ShardItem] = []
        var isScheduled = false
        /// More is about to come, so that a hop now would be one too many.
        var isHeld = false
    }

    let eventLoop: any EventLoop
    private let state = Mutex(State())
    private let drain: @Sendable () -> Void

    /// - Parameter drain: called on the event loop after something was put.
    init(eventLoop: any EventLoop, drain: @escaping @Sendable () -> Void) {
        self.eventLoop = eventLoop
        self.drain = drain
    }

    func put(_ item: ShardItem) {
        let mustSchedule = state.withLock { state in
            state.items.append(item)
            guard !state.isHeld else { return false }
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { eventLoop.execute(drain) }
    }

    /// Lets what is put from now on wait for `release`.
    func hold() {
        state.withLock { $0.isHeld = true }
    }

    func release() {
        let mustSchedule = state.withLock { state in
            state.isHeld = false
            guard !state.items.isEmpty, !state.isScheduled else { return false }
            state.isScheduled = true
            return true
        }
        if mustSchedule { eventLoop.execute(drain) }
    }

    func takeAll() -> [ShardItem] {
        state.withLock { state in
            state.isScheduled = false
            defer { state.items = [] }
            return state.items
        }
    }
}
