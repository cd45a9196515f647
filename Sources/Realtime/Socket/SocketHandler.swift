import Logging
package import NIOCore
package import NIOWebSocket
package import Wire

/// One socket's protocol: carries out what `SocketStateMachine` decides, and writes whole frames below any encoder.
///
/// Event loop only. It has no task of its own: an idle socket costs this object, its session and their handlers.
package final class SocketHandler: ChannelInboundHandler, RemovableChannelHandler, FrameSink {
    package typealias InboundIn = WebSocketFrame
    package typealias OutboundOut = ByteBuffer

    /// Until the socket's end; session and handler hold each other.
    private var session: (any SocketSession)?
    package let deflate: PerMessageDeflate?
    private let log: SocketLog
    private let outboundBytesMax: Int
    private let pingInterval: TimeAmount
    private let silenceMax: TimeAmount
    private let closeTime: TimeAmount
    private var machine: SocketStateMachine
    private var context: ChannelHandlerContext?
    /// What was to be sent before the channel spoke WebSocket.
    private var early: [ByteBuffer] = []
    /// Why it has to end, while the channel does not speak WebSocket yet.
    private(set) var earlyClose: CloseCode?
    private var awaitsFlush = false
    /// Told when the other side is gone without a word.
    var lost: ((_ age: TimeAmount) -> Void)?
    private var openedAt: NIODeadline
    /// When something was last heard from, and last sent to, the other side.
    private(set) var lastHeard: NIODeadline
    private var lastSent: NIODeadline
    private var lastPinged: NIODeadline

    /// - Parameter deflate: of this event loop, if the client offered compression and the server takes that.
    package init(limits: SocketLimits, log: SocketLog, deflate: PerMessageDeflate? = nil) {
        self.log = log
        self.deflate = deflate
        outboundBytesMax = limits.outboundBytesMax
        pingInterval = limits.pingInterval
        silenceMax = limits.silenceMax
        closeTime = limits.closeTime
        machine = SocketStateMachine(
            messageBytesMax: limits.frameBytesMax, takesBinary: limits.takesBinary, deflate: deflate)
        lastHeard = .now()
        lastSent = .now()
        lastPinged = .now()
        openedAt = .now()
    }

    // MARK: Life

    /// Has to be called before the handler is added.
    package func attach(_ session: any SocketSession) {
        self.session = session
    }

    /// Lets somebody in; see `SocketSession.admit`.
    func admit(_ credentials: SocketCredentials?) -> EventLoopFuture<Void>? {
        session?.admit(credentials)
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        for frame in early { write(frame) }
        early = []
        flush()
        if let earlyClose {
            close(earlyClose)
        } else {
            session?.opened(context)
        }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        leave()
        self.context = nil
    }

    package func channelInactive(context: ChannelHandlerContext) {
        if machine.isOpen { lost?(.now() - openedAt) }
        leave()
        context.fireChannelInactive()
    }

    package func leave() {
        early = []
        // Let go of first: a session's end may lead back here.
        let leaving = session
        session = nil
        leaving?.leave()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            session?.quiesce()
        case ChannelEvent.inputClosed:
            // Half-closed: nobody will answer a close frame any more.
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: carryOut(machine.fail(.messageTooBig))
        case is NIOWebSocketError: carryOut(machine.fail(.protocolError))
        // What follows a frame that could not be read cannot be read either; our close frame is on its way.
        case is ByteToMessageDecoderError where !machine.isOpen: break
        default: context.close(promise: nil)
        }
    }

    // MARK: In

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastHeard = .now()
        carryOut(machine.receive(unwrapInboundIn(data)))
    }

    private func carryOut(_ action: SocketStateMachine.Action) {
        switch action {
        case .nothing:
            break
        case .text(let message):
            session?.receive(text: message)
        case .binary(let message):
            session?.receive(binary: message)
        case .pong(let payload):
            send(WireFrame.pong(payload))
        case .close(let code):
            end(with: WireFrame.close(code))
            endLater()
        case .fail(let code):
            end(with: WireFrame.close(code))
            // Our side of the connection ends now; the other is read to its end, since closing it with bytes unread
            // would reset the connection and take the close frame along.
            context?.close(mode: .output, promise: nil)
            endLater()
        case .answerClose(let code):
            end(with: WireFrame.close(answering: code))
            context?.close(mode: .all, promise: nil)
        case .end:
            context?.close(mode: .all, promise: nil)
        }
    }

    private func end(with closeFrame: ByteBuffer) {
        write(closeFrame)
        context?.flush()
        leave()
    }

    /// Gives the other side a moment to answer our close frame.
    private func endLater() {
        guard let context else { return }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: closeTime) { bound.value.close(promise: nil) }
    }

    // MARK: Out

    package func send(_ frame: ByteBuffer) {
        guard machine.isOpen else { return }
        write(frame)
        flush()
    }

    package func enqueue(_ frames: ByteBuffer) {
        guard machine.isOpen else { return }
        write(frames)
        if !awaitsFlush {
            awaitsFlush = true
            session?.needsFlush()
        }
    }

    package func flush() {
        awaitsFlush = false
        guard let context else { return }
        context.flush()
        guard machine.isOpen, !context.channel.isWritable else { return }
        let waiting = (try? context.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0
        guard waiting > outboundBytesMax else { return }
        log(.notice, "reader is too slow", ["waiting": "\(waiting)"])
        close(.slowReader)
    }

    package func close(_ code: CloseCode) {
        guard context != nil else {
            earlyClose = earlyClose ?? code
            return
        }
        log(.debug, "socket closes", ["code": "\(code.rawValue)", "name": "\(code.name)"])
        carryOut(machine.close(code))
    }

    private func write(_ frame: ByteBuffer) {
        guard let context else {
            // Before it spoke WebSocket; after its end there is nobody to write to.
            if session != nil { early.append(frame) }
            return
        }
        lastSent = .now()
        context.write(wrapOutboundOut(frame), promise: nil)
    }

    // MARK: Liveness

    package func checkLiveness(now: NIODeadline) {
        if now - lastHeard > silenceMax {
            if machine.isOpen { lost?(lastHeard - openedAt) }
            close(.pingTimeout)
        } else if now - lastPinged >= pingInterval, isQuiet(at: now) {
            lastPinged = now
            send(WireFrame.ping())
        }
    }

    /// Whether one of the two directions, either of which a proxy may watch, was silent for the ping interval.
    private func isQuiet(at now: NIODeadline) -> Bool {
        now - lastHeard >= pingInterval || now - lastSent >= pingInterval
    }
}
