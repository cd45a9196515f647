package import NIOCore

/// What a socket is for: it gets whole messages, and sends through its `FrameSink`, which holds it until the socket's
/// end. Event loop only.
package protocol SocketSession: AnyObject {
    /// Lets somebody in, or fails with the `ChatError` that says why not. The upgrade is answered after that. Without
    /// credentials the socket opens, and has to ask for them itself.
    func admit(_ credentials: SocketCredentials?) -> EventLoopFuture<Void>
    /// The channel speaks WebSocket from now on.
    func opened(_ context: ChannelHandlerContext)
    /// A whole text message, which is UTF-8.
    func receive(text: ByteBuffer)
    /// A whole binary message. Only where the handler takes binary at all.
    func receive(binary: ByteBuffer)
    /// Frames were queued for a flush that is yet to come.
    func needsFlush()
    /// The server stops: finish what was begun, then close with 1001.
    func quiesce()
    /// No message comes any more, and none can be sent. May be called again.
    func leave()
}
