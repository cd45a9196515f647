import NIOCore

/// Closes a connection of HTTP/2 that no request comes on: Hummingbird asks such a client to go, and waits for its answer
/// however long that takes. A request that is being answered may take its time. Event loop only.
final class QuietConnection: ChannelInboundHandler {
    typealias InboundIn = Any

    private let limits: SocketLimits
    private var streams = 0
    private var timeout: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(limits: SocketLimits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        end(after: limits.headTime)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
        self.context = nil
    }

    /// A request has begun.
    func opened() {
        streams += 1
        timeout?.cancel()
    }

    /// A request was answered, or given up.
    func closed() {
        streams -= 1
        if streams == 0 { end(after: limits.httpIdleTime + limits.closeTime) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else { return context.fireUserInboundEventTriggered(event) }
        context.close(promise: nil)
    }

    private func end(after time: TimeAmount) {
        timeout?.cancel()
        guard let context else { return }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
    }
}
