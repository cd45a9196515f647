import NIOCore
import NIOEmbedded

/// The network's end of a test's channel. Unlike `EmbeddedChannel` by itself it can close one direction alone, and
/// stand for a reader who does not read.
final class WireEnd: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What was written and not taken from here yet, whether or not the reader reads.
    private var written = ByteBuffer()
    private(set) var isOutputClosed = false
    /// Something was written after a close frame, or after the output's end.
    private(set) var wroteTooLate = false
    /// The other side stops reading: what is flushed stays where it is.
    var isStalled = false

    func takeWritten() -> ByteBuffer {
        defer { written = ByteBuffer() }
        return written
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isOutputClosed { wroteTooLate = true }
        written.writeImmutableBuffer(unwrapOutboundIn(data))
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        (context.channel as? EmbeddedChannel)?.isWritable = !isStalled
        if !isStalled { context.flush() }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        isOutputClosed = true
        promise?.succeed(())
    }
}
