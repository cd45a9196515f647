import Logging
import Model
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing
import Wire

@testable import Realtime

@Suite("Event streams")
struct EventStreamTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func principal(_ number: Int64, _ username: String) -> Principal {
        let user = User(
            id: UserID(rawValue: number), username: username, name: username, role: .member, isDisabled: false,
            createdAt: Timestamp(milliseconds: 0))
        return Principal(user: user, session: SessionID(rawValue: number))
    }

    @Test("of one person are bounded in number, those that are over as well, and cost nobody else theirs")
    func bounded() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        var limits = SocketLimits()
        limits.silenceMax = .hours(1) // However slow the machine is, none ends for being left alone.
        let streams = EventStreams(
            hub: Hub(group: group, limits: limits), gate: QuietGate(), group: group, limits: limits)
        let (titania, oberon) = (principal(1, "titania"), principal(2, "oberon"))
        @Sendable func read(_ id: String, by principal: Principal) async throws -> StreamRead {
            try await streams.read(id, by: principal, after: 0, hasArrived: true, wait: .zero)
        }
        let others = try await streams.open(for: oberon, logger: logger)
        var opened: [String] = []
        for _ in 0..<200 {
            opened.append(try await streams.open(for: titania, logger: logger))
            #expect(streams.count(of: titania.user) <= limits.socketsPerPersonMax + StreamTable.overMax)
        }
        for id in opened.suffix(limits.socketsPerPersonMax) { #expect(try await !read(id, by: titania).isOver) }
        // The one that was closed last can be read to its end, the first is forgotten.
        let closed = try await read(opened[opened.count - limits.socketsPerPersonMax - 1], by: titania)
        #expect(closed.isOver && closed.frames.last.map { String(buffer: $0.json) }?.contains("4202") == true)
        let first = opened[0]
        await #expect(
            performing: { _ = try await read(first, by: titania) },
            throws: { ($0 as? ChatError)?.code == .streamNotFound })
        #expect(try await !read(others, by: oberon).isOver)
    }

    private func stream(_ limits: SocketLimits = SocketLimits(), on eventLoop: EmbeddedEventLoop) -> EventStream {
        let stream = EventStream(limits: limits, eventLoop: eventLoop) {}
        stream.attach(QuietSession(eventLoop: eventLoop))
        return stream
    }

    private func frame(bytes: Int) -> ByteBuffer {
        WireFrame.text(ByteBuffer(repeating: UInt8(ascii: "x"), count: bytes))
    }

    @Test("that are over keep little; who missed more is told the end, and nothing behind the gap")
    func over() throws {
        let loop = EmbeddedEventLoop()
        let stream = stream(on: loop)
        // End to end in one buffer, as what was missed in a room comes.
        var missed = ByteBuffer()
        for _ in 0..<50 { missed.writeImmutableBuffer(frame(bytes: 10_000)) }
        stream.enqueue(missed)
        #expect(stream.bytes == 500_000)
        stream.close(.normal)
        #expect(stream.bytes <= EventStream.overBytesMax)
        let behind = try stream.read(after: 3, hasArrived: false, wait: .zero).wait()
        #expect(behind.isOver && behind.frames.map(\.id) == [51])
        let near = try stream.read(after: 48, hasArrived: false, wait: .zero).wait()
        #expect(near.isOver && near.frames.map(\.id) == [49, 50, 51])
        #expect(near.frames.allSatisfy { $0.json.storageCapacity <= 2 * EventStream.overBytesMax })
    }

    @Test("that nobody reads end before they keep too much, however it comes")
    func unread() throws {
        let loop = EmbeddedEventLoop()
        var limits = SocketLimits()
        limits.outboundBytesMax = 1000
        let stream = stream(limits, on: loop)
        for _ in 0..<100 { stream.send(frame(bytes: 100)) }
        let read = try stream.read(after: 0, hasArrived: false, wait: .zero).wait()
        #expect(read.isOver && read.frames.count == 12)
        #expect(read.frames.last.map { String(buffer: $0.json) }?.contains("4000") == true)
    }
}

/// Lets everybody in, to no rooms.
private struct QuietGate: SocketGate {
    let sessionCookie = "session"

    func authenticate(_ credentials: SocketCredentials) async throws -> Principal { throw ChatError.internal }

    func subscriptions(of principal: Principal, room: String?) async throws -> [RoomRef] { [] }

    func missed(
        _ room: String, since position: StreamPosition, by principal: Principal
    ) async throws -> MissedMessages {
        throw ChatError.roomNotFound
    }

    func handle(
        _ command: Command, from principal: Principal,
        reply: @escaping @Sendable (Result<CommandResult, ChatError>) -> Void
    ) {
        reply(.failure(.internal))
    }
}

/// Takes everything and says nothing.
private final class QuietSession: SocketSession {
    private let eventLoop: any EventLoop

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func admit(_ credentials: SocketCredentials?) -> EventLoopFuture<Void> { eventLoop.makeSucceededVoidFuture() }
    func opened(_ context: ChannelHandlerContext) {}
    func receive(text: ByteBuffer) {}
    func receive(binary: ByteBuffer) {}
    func needsFlush() {}
    func quiesce() {}
    func leave() {}
}
