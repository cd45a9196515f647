import NIOCore

/// Keeps what is left of a connection's HTTP handlers apart from the socket that it became.
///
/// Where the upgrade was not the first request, the handlers of the earlier ones cannot be taken out of the pipeline.
/// They are told that no more will come, and nothing of what they do then reaches the socket. From then on they hold
/// back every `read` that passes through them, so the reads that the channel's end would make are made here.
final class HTTPRemains: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = Any
    typealias OutboundIn = Any

    func handlerAdded(context: ChannelHandlerContext) {
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.read()
    }

    func read(context: ChannelHandlerContext) {}

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {}

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.outputClosed)
    }

    func flush(context: ChannelHandlerContext) {}

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        promise?.succeed(())
    }
}
