import NIOCore
import NIOHTTPTypes

/// Ends a stream of HTTP/2 whose request takes its time. Event loop only.
final class StreamDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let limits: SocketLimits
    private var timeout: Scheduled<Void>?
    /// Told of this stream: the connection itself hears nothing of its streams.
    private var connection: QuietConnection?

    init(limits: SocketLimits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection = try? context.channel.parent?.pipeline.syncOperations.handler(type: QuietConnection.self)
        connection?.opened()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: limits.requestTime) { bound.value.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
        connection?.closed()
        connection = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) { timeout?.cancel() }
        context.fireChannelRead(data)
    }
}
