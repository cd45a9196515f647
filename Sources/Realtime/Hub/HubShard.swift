import Model
import NIOCore
import Wire

/// What a shard is told, in the order in which it was told.
enum ShardItem: Sendable {
    /// To everybody in a room: one frame, the same bytes for all.
    case room(RoomID, ByteBuffer)
    /// Everything else that happened.
    case event(Event)
    /// A command of this socket's was carried out or refused.
    case reply(NIOLoopBound<ChatSocket>, FrameID?, Result<CommandResult, ChatError>)
}

/// The sockets of one event loop. Event loop only.
///
/// Everything that arrives before the loop comes around is handled in one go: the frames for a room are laid end to
/// end, each socket gets them in one write, and is flushed once.
final class HubShard {
    let inbox: ShardInbox
    private var people: [UserID: [ChatSocket]] = [:]
    private var sessions: [SessionID: [ChatSocket]] = [:]
    private var rooms: [RoomID: [ChatSocket]] = [:]
    private var toFlush: [ChatSocket] = []

    init(inbox: ShardInbox) {
        self.inbox = inbox
    }

    // MARK: Registration

    func register(_ socket: ChatSocket, as principal: Principal) {
        people[principal.user, default: []].append(socket)
        sessions[principal.session, default: []].append(socket)
    }

    func unregister(_ socket: ChatSocket) {
        guard let principal = socket.principal else { return }
        for room in socket.places.keys { unsubscribe(socket, from: room) }
        people.remove(socket, at: principal.user)
        sessions.remove(socket, at: principal.session)
    }

    func subscribe(_ socket: ChatSocket, to room: RoomID) {
        guard socket.places[room] == nil else { return }
        socket.places[room] = rooms[room]?.count ?? 0
        rooms[room, default: []].append(socket)
    }

    /// The last socket in the list takes the place of the one that leaves, so that leaving costs the same in any room.
    func unsubscribe(_ socket: ChatSocket, from room: RoomID) {
        guard let place = socket.places.removeValue(forKey: room), let last = rooms[room]?.popLast() else { return }
        if last !== socket {
            rooms[room]?[place] = last
            last.places[room] = place
        }
        if rooms[room]?.isEmpty == true { rooms[room] = nil }
    }

    // MARK: Delivery

    /// The function that a command's result comes back through.
    func replies(
        to socket: ChatSocket, id: FrameID?
    ) -> @Sendable (Result<CommandResult, ChatError>) -> Void {
        let bound = NIOLoopBound(socket, eventLoop: inbox.eventLoop)
        return { [inbox] result in inbox.put(.reply(bound, id, result)) }
    }

    func willFlush(_ socket: ChatSocket) {
        toFlush.append(socket)
    }

    /// Handles everything in the inbox.
    func drain() {
        var gathered = Gathered()
        for item in inbox.takeAll() {
            switch item {
            case .room(let room, let frame):
                gathered.frames[room, default: ByteBuffer()].append(frame: frame)
            case .reply(let socket, let id, let result):
                gathered.replies.append((socket, id, result))
            case .event(let event):
                // Who receives a room may change now: what came before goes to those who are in it before.
                deliver(&gathered)
                handle(event)
            }
        }
        deliver(&gathered)
        let flushing = toFlush
        toFlush.removeAll(keepingCapacity: true)
        for socket in flushing { socket.handler.flush() }
    }

    private struct Gathered {
        var frames: [RoomID: ByteBuffer] = [:]
        var replies: [(NIOLoopBound<ChatSocket>, FrameID?, Result<CommandResult, ChatError>)] = []
    }

    /// Messages first, then replies: a sender sees their own message before they see it acknowledged.
    private func deliver(_ gathered: inout Gathered) {
        for (room, bytes) in gathered.frames {
            for socket in rooms[room] ?? [] { socket.handler.enqueue(bytes) }
        }
        for (socket, id, result) in gathered.replies { socket.value.finish(result, id: id) }
        gathered = Gathered()
    }

    private func handle(_ event: Event) {
        switch event {
        case .messageSent:
            preconditionFailure("a message is put as its frame")
        case .readMoved(let user, let room, let seq):
            let frame = ServerFrame.read(room: room.slug, seq: seq).framed()
            for socket in people[user] ?? [] where socket.room == nil || socket.room == room.slug {
                socket.handler.enqueue(frame)
            }
        case .roomJoined(let user, let view):
            let frame = ServerFrame.roomJoined(view).framed()
            for socket in people[user] ?? [] where socket.room == nil {
                socket.mustReloadRooms = true
                subscribe(socket, to: view.ref.id)
                socket.handler.enqueue(frame)
            }
        case .roomLeft(let user, let room):
            let frame = ServerFrame.roomLeft(room: room.slug).framed()
            for socket in people[user] ?? [] {
                socket.mustReloadRooms = true
                unsubscribe(socket, from: room.id)
                if socket.room == nil { socket.handler.enqueue(frame) }
                if socket.room == room.slug { socket.close(.roomLeft) }
            }
        case .sessionEnded(let session):
            for socket in sessions[session] ?? [] { socket.close(.sessionEnded) }
        case .accountDisabled(let user):
            for socket in people[user] ?? [] { socket.close(.accountDisabled) }
        }
    }

    // MARK: Liveness

    /// Pings the quiet ones and gives up the silent ones.
    func sweep(now: NIODeadline) {
        for socket in people.values.joined() { socket.handler.checkLiveness(now: now) }
    }
}

extension Dictionary where Value == [ChatSocket] {
    fileprivate mutating func remove(_ socket: ChatSocket, at key: Key) {
        self[key]?.removeAll { $0 === socket }
        if self[key]?.isEmpty == true { self[key] = nil }
    }
}

extension ByteBuffer {
    /// The first frame is shared with all other shards as it is; only where a second follows are bytes copied.
    fileprivate mutating func append(frame: ByteBuffer) {
        if readableBytes == 0 {
            self = frame
        } else {
            writeImmutableBuffer(frame)
        }
    }
}
