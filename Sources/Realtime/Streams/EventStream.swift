import Model
package import NIOCore
import Wire

/// A session's frames for a client that no WebSocket reaches: numbered, and kept until the client says that they have
/// arrived, so that an answer that was lost on the way loses nothing. Event loop only.
final class EventStream: FrameSink {
    /// Most bytes that are kept of one that is over.
    static let overBytesMax = 65_536

    /// What is kept, oldest first: all that nobody has read yet, and as much of the rest as there is room for.
    private var frames: CircularBuffer<StreamFrame> = []
    private var lastID: Int64 = 0
    /// The last one that was given to a reader, who may yet turn out to have lost it.
    private var givenID: Int64 = 0
    /// The last one that is no longer kept.
    private var forgottenID: Int64 = 0
    /// Of all that is kept.
    private(set) var bytes = 0
    private var unreadBytes = 0
    private var session: (any SocketSession)?
    private var isOver = false
    private var awaitsFlush = false
    /// Whoever waits for the next frame. A second one takes its place: the first has lost its connection.
    private var reader: (promise: EventLoopPromise<Reading>, timeout: Scheduled<Void>)?
    private var lastRead = NIODeadline.now()
    /// A proxy may compress the stream; frames are not.
    let deflate: PerMessageDeflate? = nil
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
        deliver()
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
        deliver()
    }

    private func deliver() {
        if unreadBytes > limits.outboundBytesMax { return close(.slowReader) }
        wakeReader()
    }

    func close(_ code: CloseCode) {
        guard !isOver else { return }
        isOver = true
        keep(ServerFrame.close(code).framed())
        leave()
        wakeReader()
        shrink()
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
            unreadBytes += json.readableBytes
            frames.append(StreamFrame(id: lastID, json: json))
        }
    }

    /// Of what is over a little is kept for a reader who comes back, the end in any case.
    private func shrink() {
        forget { [lastID] in $0.id < lastID && bytes > Self.overBytesMax }
        frames = CircularBuffer(frames.map { $0.withoutSurroundings(over: 2 * Self.overBytesMax) })
    }

    // MARK: In

    func receive(_ text: ByteBuffer) {
        session?.receive(text: text)
    }

    func quiesce() {
        session?.quiesce()
    }

    private enum Reading {
        case goesOn
        /// Another reader has come.
        case isTaken
    }

    /// The frames after one; waits for some where there are none.
    ///
    /// - Parameter hasArrived: the client itself says that it has this one and all before, which are then forgotten.
    /// - Throws: `stream_not_found` where some after this one are no longer kept. Of a stream that is over the end is
    ///   given then, and nothing else, for the client to know what to do.
    func read(after id: Int64, hasArrived: Bool, wait: TimeAmount) -> EventLoopFuture<StreamRead> {
        lastRead = .now()
        guard id >= forgottenID || isOver && !frames.isEmpty else {
            return eventLoop.makeFailedFuture(EventStreams.notFound)
        }
        if hasArrived { forget { $0.id <= id } }
        wakeReader(.isTaken)
        guard lastID <= id, !isOver else { return eventLoop.makeSucceededFuture(give(after: id)) }
        let promise = eventLoop.makePromise(of: Reading.self)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let timeout = eventLoop.scheduleTask(in: wait) { bound.value.wakeReader() }
        reader = (promise, timeout)
        return promise.futureResult.assumeIsolated().map { reading in
            switch reading {
            case .goesOn: self.give(after: id)
            case .isTaken: StreamRead(frames: [], isOver: true)
            }
        }.nonisolated()
    }

    private func give(after id: Int64) -> StreamRead {
        // Nothing behind a gap, but the end: a client that resumes does so from before it.
        let given = id < forgottenID ? Array(frames.suffix(1)) : Array(frames.drop { $0.id <= id })
        givenID = lastID
        unreadBytes = 0
        let bytesMax = limits.outboundBytesMax / 4
        forget { [givenID] in $0.id <= givenID && bytes > bytesMax }
        return StreamRead(frames: given, isOver: isOver)
    }

    private func forget(while isForgettable: (StreamFrame) -> Bool) {
        while let first = frames.first, isForgettable(first) {
            bytes -= first.json.readableBytes
            forgottenID = first.id
            frames.removeFirst()
        }
    }

    private func wakeReader(_ reading: Reading = .goesOn) {
        guard let reader else { return }
        self.reader = nil
        lastRead = .now()
        reader.timeout.cancel()
        reader.promise.succeed(reading)
    }
}

/// One frame of an event stream.
package struct StreamFrame: Sendable {
    /// Rises by 1 from frame to frame, from 1.
    package let id: Int64
    /// The frame as text.
    package let json: ByteBuffer

    /// The same in a buffer of its own, where it is a slice of one that is larger than this.
    fileprivate func withoutSurroundings(over capacityMax: Int) -> StreamFrame {
        json.storageCapacity > capacityMax ? StreamFrame(id: id, json: ByteBuffer(buffer: json)) : self
    }
}

/// What a reader of an event stream gets.
package struct StreamRead: Sendable {
    package let frames: [StreamFrame]
    /// Nothing comes after these, for this reader.
    package let isOver: Bool
}
