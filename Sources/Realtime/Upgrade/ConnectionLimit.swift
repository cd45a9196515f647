package import Logging
import NIOCore
import Synchronization

/// Counts connections, so that one too many is refused in plain words before the process runs out of open files, where
/// nothing could be said or done any more. Any thread may use it.
package final class ConnectionLimit: Sendable {
    private struct State {
        var count = 0
        var warned: NIODeadline?
    }

    private let max: Int
    private let logger: Logger
    private let state = Mutex(State())

    package init(max: Int, logger: Logger) {
        self.max = max
        self.logger = logger
    }

    /// Connections that are open now, of all kinds.
    package var count: Int { state.withLock(\.count) }

    /// Counts a connection until it is closed, or answers it with 503 and closes it.
    ///
    /// - Parameter isSecure: whether TLS is spoken, which is too dear for saying no: such a one is just closed.
    /// - Returns: whether it may stay.
    func admit(_ channel: any Channel, isSecure: Bool = false) -> Bool {
        let isAdmitted = state.withLock { state in
            guard state.count < max else { return false }
            state.count += 1
            return true
        }
        guard isAdmitted else {
            warn()
            if isSecure { channel.close(promise: nil) } else { refuse(channel) }
            return false
        }
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.count -= 1 } }
        return true
    }

    private func refuse(_ channel: any Channel) {
        let body = "Too many people are connected just now. Try again in a moment.\n"
        let answer = """
            HTTP/1.1 503 Service Unavailable\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(body.utf8.count)\r
            Retry-After: 10\r
            Connection: close\r
            \r
            \(body)
            """
        channel.writeAndFlush(ByteBuffer(string: answer)).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Once in ten seconds, since this happens when there is much of everything.
    private func warn() {
        let now = NIODeadline.now()
        let isDue = state.withLock { state in
            if let warned = state.warned, now - warned < .seconds(10) { return false }
            state.warned = now
            return true
        }
        guard isDue else { return }
        logger.error(
            "connection refused: there are as many as allowed; see the setting connections-max, and the limit on open files (ulimit -n)",
            metadata: ["max": "\(max)"])
    }
}
