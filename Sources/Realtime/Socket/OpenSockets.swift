import Metrics
import NIOCore
import Proxy
import Synchronization

/// Counts the sockets whose channels are open, so that the server's end can wait for theirs.
package final class OpenSockets: Sendable {
    private struct State {
        var count = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let meter = Meter(label: "parley_sockets_open")

    private let addresses: AddressCounts

    /// - Parameter perAddressMax: most sockets from one public address.
    package init(perAddressMax: Int) {
        addresses = AddressCounts(max: perAddressMax)
    }

    /// Sockets that are open now.
    package var count: Int { state.withLock(\.count) }

    /// Counts a channel that is to become a socket, until it is closed.
    /// - Parameter address: whose it is; `nil` where that is not known.
    /// - Returns: whether it may: there are not too many from its address yet.
    func admit(_ channel: any Channel, of address: IPAddress?) -> Bool {
        guard addresses.enter(address) else { return false }
        state.withLock { $0.count += 1 }
        meter.increment(by: 1)
        channel.closeFuture.whenComplete { _ in
            self.addresses.leave(address)
            self.remove()
        }
        return true
    }

    /// Returns when no socket's channel is open any more.
    package func waitUntilNone() async {
        await withCheckedContinuation { continuation in
            let isNone = state.withLock { state in
                if state.count > 0 { state.waiting.append(continuation) }
                return state.count == 0
            }
            if isNone { continuation.resume() }
        }
    }

    private func remove() {
        meter.decrement(by: 1)
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.count -= 1
            guard state.count == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
