import NIOCore

/// Closes a connection of HTTP/2 on which nothing was said by anybody for too long. Hummingbird asks such a client to
/// go, and waits for its answer however long that takes. Event loop only.
final class QuietConnection: ChannelInboundHandler {
    typealias InboundIn = Any

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else { return context.fireUserInboundEventTriggered(event) }
        context.close(promise: nil)
    }
}
