import Logging
import NIOCore
import NIOEmbedded
import NIOWebSocket
import Realtime
import Wire

/// A socket ends in good order whatever it reads, in whatever pieces: what it sends are whole frames, its last one is at
/// most one close frame with a legal code, and it keeps no more than its limits allow.
///
/// Input: steps. A byte below 0xE0 is followed by so many bytes that are read at once; the others are events, the number
/// in their lowest bits: see `Event`.
enum SocketTarget {
    private enum Event: UInt8, CaseIterable {
        case messageToSend, close, quiesce, inputEnds, readerStalls, readerReads, timePasses, sweep
    }

    static let limits: SocketLimits = {
        var limits = SocketLimits()
        // Small, so that inputs of a few kilobytes get there.
        limits.frameBytesMax = 300
        limits.badFramesMax = 5
        limits.outboundBytesMax = 1000
        return limits
    }()

    static func run(_ input: [UInt8], isCompressed: Bool) throws(Violation) {
        var socket: Socket? = try Socket(isCompressed: isCompressed)
        var steps = ByteBuffer(bytes: input)
        while let step = steps.readInteger(as: UInt8.self) {
            if step < 0xE0 {
                try socket?.read(steps.readSlice(length: min(Int(step), steps.readableBytes)) ?? ByteBuffer())
            } else {
                try socket?.happen(Event(rawValue: step & 7) ?? .sweep)
            }
            socket?.channel.embeddedEventLoop.run()
            try socket?.check()
        }
        try socket?.end()
        // Session and handler hold each other while the socket lives, and no longer.
        weak let session = socket?.session
        socket = nil
        try require(session == nil, "the session outlives its socket")
    }

    private struct Socket {
        let channel = EmbeddedChannel()
        let wire = WireEnd()
        let handler: SocketHandler
        let session: SessionDouble
        private var client = ClientBytes()
        private var server: ServerBytes
        private var inputHasEnded = false

        init(isCompressed: Bool) throws(Violation) {
            let deflate = isCompressed ? PerMessageDeflate(bytesMin: 1) : nil
            handler = SocketHandler(
                limits: limits, log: SocketLog(Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }),
                deflate: deflate)
            server = ServerBytes(deflate: deflate)
            session = SessionDouble(handler: handler, limits: limits, on: channel.eventLoop)
            handler.attach(session)
            let handlers: [any ChannelHandler] = [
                wire, ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.frameBytesMax)), handler,
            ]
            try expected {
                try channel.connect(to: SocketAddress(unixDomainSocketPath: "/fuzz")).wait()
                try channel.pipeline.syncOperations.addHandlers(handlers)
            }
        }

        mutating func read(_ bytes: ByteBuffer) throws(Violation) {
            guard channel.isActive, !inputHasEnded else { return }
            client.append(bytes)
            try expected { _ = try channel.writeInbound(bytes) }
        }

        mutating func happen(_ event: Event) throws(Violation) {
            switch event {
            case .messageToSend: session.hear()
            case .close: handler.close(.sessionEnded)
            case .quiesce: channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            case .inputEnds:
                inputHasEnded = true
                channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            case .readerStalls: wire.isStalled = true
            case .readerReads:
                wire.isStalled = false
                channel.pipeline.flush()
            case .timePasses: channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            // A minute later than it is: nothing was heard for too long.
            case .sweep: handler.checkLiveness(now: .now() + limits.silenceMax)
            }
        }

        /// What holds after each step.
        mutating func check() throws(Violation) {
            if let violation = session.violation { throw violation }
            try server.check(wire.takeWritten())
            try require(!wire.wroteTooLate, "bytes after the end")
            try require(channel.isActive || server.hasClosed || inputHasEnded, "the end came without a close frame")
            guard channel.isActive, !server.hasClosed else { return }
            try require(client.message <= limits.frameBytesMax, "\(client.message) bytes of a message are kept")
            try require(client.frame <= limits.frameBytesMax + 14, "\(client.frame) bytes of a frame are kept")
            let waiting = try? channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
            try require(waiting ?? 0 <= limits.outboundBytesMax, "\(waiting ?? 0) bytes wait for the reader")
        }

        mutating func end() throws(Violation) {
            channel.embeddedEventLoop.advanceTime(by: limits.closeTime)
            try check()
            try require(!channel.isActive || !server.hasClosed, "closed, but still there")
            try expected { _ = try channel.finish(acceptAlreadyClosed: true) }
        }
    }
}

/// What should throw nothing: an error that got through the whole pipeline is one that nobody took care of.
func expected<Value>(_ work: () throws -> Value) throws(Violation) -> Value {
    do {
        return try work()
    } catch {
        throw Violation("an error that nobody took care of: \(error)")
    }
}

/// What a server sent: whole frames, and none after a close frame.
struct ServerBytes {
    /// Where compression was agreed on.
    var deflate: PerMessageDeflate?
    private(set) var hasClosed = false

    /// - Parameter bytes: end at a frame's end.
    mutating func check(_ bytes: ByteBuffer) throws(Violation) {
        var bytes = bytes
        while bytes.readableBytes > 0 {
            guard let frame = bytes.readWireFrame() else { throw Violation("the server sent half a frame") }
            try require(!hasClosed, "the server sent a frame after its close frame: \(frame)")
            try frame.checkFromServer(deflate: deflate)
            hasClosed = frame.isClose
        }
    }
}

/// Counts what a client has sent and has to be kept, since the rest is yet to come.
private struct ClientBytes {
    private var rest = ByteBuffer()
    /// The whole frames of a message so far.
    private(set) var message = 0
    /// A frame so far, with its header of at most 14 bytes.
    var frame: Int { rest.readableBytes }

    mutating func append(_ bytes: ByteBuffer) {
        rest.writeImmutableBuffer(bytes)
        while let frame = rest.readWireFrame() {
            guard !frame.isControl else { continue }
            message = frame.isLast ? 0 : message + frame.payload.readableBytes
        }
    }
}
