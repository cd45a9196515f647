package import Logging
package import Model
package import NIOCore
import Synchronization
import Wire

/// All event streams: the way in for clients whose proxy lets no WebSocket through. Any thread may use it.
package final class EventStreams: Sendable {
    /// How long a stream that is over can still be read to its end.
    private static let afterlife = TimeAmount.seconds(30)

    private let hub: Hub
    private let gate: any SocketGate
    private let group: any EventLoopGroup
    private let limits: SocketLimits
    private let table: Mutex<StreamTable>

    package init(hub: Hub, gate: any SocketGate, group: any EventLoopGroup, limits: SocketLimits) {
        self.hub = hub
        self.gate = gate
        self.group = group
        self.limits = limits
        table = Mutex(StreamTable(openMax: limits.socketsPerPersonMax))
    }

    /// Opens a stream that receives all of the person's rooms from now on. Of too many the oldest is closed.
    /// - Returns: what to call it by; nobody else can guess it.
    /// - Throws: `stream_not_found`, where it was closed before it was open; what the gate throws.
    package func open(for principal: Principal, logger: Logger) async throws -> String {
        let eventLoop = group.next()
        let id = Self.newID()
        try await eventLoop.flatSubmit { [self] in
            let stream = EventStream(limits: limits, eventLoop: eventLoop) { self.ended(id, on: eventLoop) }
            let socket = ChatSocket(
                room: nil, sink: stream, shard: hub.shard(on: eventLoop), gate: gate, log: SocketLog(logger))
            stream.attach(socket)
            let entry = StreamTable.Entry(
                user: principal.user, session: principal.session, eventLoop: eventLoop,
                stream: NIOLoopBound(stream, eventLoop: eventLoop))
            if let surplus = table.withLock({ $0.open(id, entry) }) {
                surplus.eventLoop.execute { surplus.stream.value.close(.tooManySockets) }
            }
            return socket.receiveRooms(of: principal).flatMapErrorThrowing { error in
                entry.stream.value.leave()
                self.table.withLock { $0.forget(id) }
                if error is ChannelError { throw Self.notFound }
                throw error
            }
        }.get()
        return id
    }

    /// The frames after one; waits for some where there are none.
    /// - Parameter hasArrived: the client itself says that it has this one and all before.
    /// - Throws: `stream_not_found`.
    package func read(
        _ id: String, by principal: Principal, after last: Int64, hasArrived: Bool, wait: TimeAmount
    ) async throws -> StreamRead {
        let entry = try entry(id, principal)
        return try await entry.eventLoop.flatSubmit {
            entry.stream.value.read(after: last, hasArrived: hasArrived, wait: wait)
        }.get()
    }

    /// Takes a client's frame; its reply comes through the stream.
    /// - Throws: `stream_not_found`.
    package func receive(_ text: ByteBuffer, on id: String, by principal: Principal) throws {
        let entry = try entry(id, principal)
        entry.eventLoop.execute { entry.stream.value.receive(text) }
    }

    /// - Throws: `stream_not_found`.
    package func close(_ id: String, by principal: Principal) throws {
        let entry = try entry(id, principal)
        entry.eventLoop.execute { entry.stream.value.close(.normal) }
    }

    /// The server stops: each stream finishes what was begun, then ends with 1001.
    package func quiesce() {
        for entry in table.withLock({ $0.all }) {
            entry.eventLoop.execute { entry.stream.value.quiesce() }
        }
    }

    /// Somebody else's stream, and one of another sign-in, which may have other scopes, is treated as one that does not exist.
    private func entry(_ id: String, _ principal: Principal) throws -> StreamTable.Entry {
        guard let entry = table.withLock({ $0[id] }), entry.session == principal.session else { throw Self.notFound }
        return entry
    }

    static let notFound = ChatError(.streamNotFound, "There is no such event stream any more. Open another.")

    /// Streams of a person that are kept, those that are over among them.
    func count(of user: UserID) -> Int { table.withLock { $0.count(of: user) } }

    private func ended(_ id: String, on eventLoop: any EventLoop) {
        table.withLock { $0.end(id) }
        eventLoop.scheduleTask(in: Self.afterlife) {
            self.table.withLock { $0.forget(id) }
        }
    }

    /// 128 random bits in hexadecimal.
    private static func newID() -> String {
        (0..<2).map { _ in Epoch.random().text }.joined()
    }
}
