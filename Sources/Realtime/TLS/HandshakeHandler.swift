import Logging
import NIOCore
import NIOTLS

/// Waits until both sides have agreed on TLS and on what is spoken through it, has the rest of the pipeline made, and
/// leaves. A connection that takes its time over it, or that agrees to nothing, is closed. Event loop only.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any
    typealias InboundOut = Any

    /// What was agreed on.
    enum Outcome: Sendable {
        case http1
        case http2
        case closed
    }

    private let limits: SocketLimits
    private let logger: Logger
    private let proceed: (Outcome) throws -> Void
    private var timeout: Scheduled<Void>?
    private var isOver = false

    /// - Parameter proceed: called once; adds the handlers that are to follow.
    init(limits: SocketLimits, logger: Logger, proceed: @escaping (Outcome) throws -> Void) {
        self.limits = limits
        self.logger = logger
        self.proceed = proceed
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: limits.headTime) { bound.value.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(.closed, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.closed, context)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted(let negotiated):
            finish(negotiated == "h2" ? .http2 : .http1, context)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        case is ChannelShouldQuiesceEvent where !isOver, ChannelEvent.inputClosed where !isOver:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver else { return context.fireErrorCaught(error) }
        logger.debug("no TLS with a client", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    private func finish(_ outcome: Outcome, _ context: ChannelHandlerContext) {
        guard !isOver else { return }
        isOver = true
        timeout?.cancel()
        do {
            try proceed(outcome)
        } catch {
            context.close(promise: nil)
        }
    }
}
