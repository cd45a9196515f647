package import NIOCore

/// Makes what a connection's socket is for, once the connection asks to become one.
package protocol SocketFactory: Sendable {
    /// The name of the cookie that stands for a signed-in browser.
    var sessionCookie: String { get }

    /// Called on the connection's event loop; the socket stays on it. Its session is attached.
    func makeSocket(for request: UpgradeRequest, on eventLoop: any EventLoop, log: SocketLog) -> SocketHandler
}

/// Makes the sockets of people in the chat.
package struct ChatSocketFactory: SocketFactory {
    private let hub: Hub
    private let gate: any SocketGate
    private let limits: SocketLimits

    package init(hub: Hub, gate: any SocketGate, limits: SocketLimits) {
        self.hub = hub
        self.gate = gate
        self.limits = limits
    }

    package var sessionCookie: String { gate.sessionCookie }

    package func makeSocket(
        for request: UpgradeRequest, on eventLoop: any EventLoop, log: SocketLog
    ) -> SocketHandler {
        let shard = hub.shard(on: eventLoop)
        let handler = SocketHandler(limits: limits, log: log, deflate: shard.deflate(for: request.deflate))
        handler.attach(ChatSocket(room: request.room, sink: handler, shard: shard, gate: gate, log: log))
        return handler
    }
}
