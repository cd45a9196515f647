package import Logging
package import NIOCore

/// Stands first in the listener's pipeline, so that a connection that could not be accepted, because it was gone again
/// or because open files ran out, is a line in the log and not the end of the listener.
package final class AcceptGuard: ChannelInboundHandler {
    package typealias InboundIn = Any

    private let logger: Logger
    private var logged: NIODeadline?

    private init(logger: Logger) {
        self.logger = logger
    }

    /// - Parameter channel: the listener.
    package static func add(to channel: any Channel, logger: Logger) {
        channel.eventLoop.execute {
            try? channel.pipeline.syncOperations.addHandler(AcceptGuard(logger: logger), position: .first)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let now = NIODeadline.now()
        if let logged, now - logged < .seconds(10) { return }
        logged = now
        logger.error("a connection could not be accepted", metadata: ["error": "\(error)"])
    }
}
