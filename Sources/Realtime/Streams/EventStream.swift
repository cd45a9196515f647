import Model
package import NIOCore
import Wire

/// A session's frames for a client that no WebSocket reaches: numbered, and kept until the client says that they have
/// arrived, so that an answer that was lost on the way loses nothing. Event loop only.
final class EventStream: FrameSink {
    /// What is sent and not yet confirmed, oldest first.
    private var frames: CircularBuffer<StreamFrame> = []
    private var lastID: Int64 = 0
    private var bytes = 0
    private var session: (any SocketSession)?
    private var isOver = false
    private var awaitsFlush = false
    /// Whoever waits for the next frame. A second one takes its place: the first has lost its connection.
    private var reader: (promise: EventLoopPromise<Void>, timeout: Scheduled<Void>)?
    private var lastRead = NIODeadline.now()
    private let limits: SocketLimits
    private let eventLoop: any EventLoop
    private let onEnd: () -> Void

    /// - Parameter onEnd: called once, when nothing more will come.
    init(limits: SocketLimits, eventLoop: any EventLoop, onEnd: @escaping () -> Void) {
        self.limits = limits
        self.eventLoop = eventLoop
        self.onEnd = onEnd
    }

    func attach(_ session: any SocketSession) {
        self.session = session
    }

    // MARK: Out

    func send(_ frame: ByteBuffer) {
        guard !isOver else { return }
        keep(frame)
        wakeReader()
    }

    func enqueue(_ frames: ByteBuffer) {
        guard !isOver else { return }
        keep(frames)
        guard !awaitsFlush else { return }
        awaitsFlush = true
        session?.needsFlush()
    }

    func flush() {
        awaitsFlush = false
        if bytes > limits.outboundBytesMax { return close(.slowReader) }
        wakeReader()
    }

    func close(_ code: CloseCode) {
        guard !isOver else { return }
        isOver = true
        keep(ServerFrame.close(code).framed())
        leave()
        wakeReader()
    }

    func leave() {
        isOver = true
        guard let session else { return }
        self.session = nil
        session.leave()
        onEnd()
    }

    func checkLiveness(now: NIODeadline) {
        if reader == nil, now - lastRead > limits.silenceMax { close(.pingTimeout) }
    }

    private func keep(_ framed: ByteBuffer) {
        for json in WireFrame.texts(in: framed) {
            lastID += 1
            bytes += json.readableBytes
            frames.append(StreamFrame(id: lastID, json: json))
        }
    }

    // MARK: In

    func receive(_ text: ByteBuffer) {
        session?.receive(text: text)
    }

    func quiesce() {
        session?.quiesce()
    }

    /// The frames after one that arrived; those up to it are forgotten. Waits for some where there are none.
    func read(after id: Int64, wait: TimeAmount) -> EventLoopFuture<StreamRead> {
        lastRead = .now()
        while let first = frames.first, first.id <= id {
            bytes -= first.json.readableBytes
            frames.removeFirst()
        }
        wakeReader()
        guard frames.isEmpty, !isOver else { return eventLoop.makeSucceededFuture(whatIsThere()) }
        let promise = eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let timeout = eventLoop.scheduleTask(in: wait) { bound.value.wakeReader() }
        reader = (promise, timeout)
        return promise.futureResult.assumeIsolated().map { self.whatIsThere() }.nonisolated()
    }

    private func whatIsThere() -> StreamRead {
        StreamRead(frames: Array(frames), isOver: isOver)
    }

    private func wakeReader() {
        guard let reader else { return }
        self.reader = nil
        lastRead = .now()
        reader.timeout.cancel()
        reader.promise.succeed(())
    }
}

/// One frame of an event stream.
package struct StreamFrame: Sendable {
    /// Rises by 1 from frame to frame, from 1.
    package let id: Int64
    /// The frame as text.
    package let json: ByteBuffer
}

/// What a reader of an event stream gets.
package struct StreamRead: Sendable {
    package let frames: [StreamFrame]
    /// Nothing comes after these.
    package let isOver: Bool
}
