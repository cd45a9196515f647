import NIOCore
import NIOHTTP1

/// Ends connections that take their time: one that never asks for anything, and one that sends its request byte by byte
/// to keep us waiting. Time between requests is somebody else's business. Event loop only.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let limits: SocketLimits
    private var timeout: Scheduled<Void>?

    init(limits: SocketLimits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        expect(within: limits.headTime, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: expect(within: limits.requestTime, context)
        case .body: break
        case .end: timeout?.cancel()
        }
        context.fireChannelRead(data)
    }

    private func expect(within time: TimeAmount, _ context: ChannelHandlerContext) {
        timeout?.cancel()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
    }
}
