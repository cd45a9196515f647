import Model
import NIOCore
import Wire

/// The sockets of one event loop. Event loop only.
///
/// Everything that arrives before the loop comes around is handled in one go: the frames for a room are laid end to
/// end, each socket gets them in one write, and is flushed once.
final class HubShard {
    let inbox: ShardInbox
    let hub: Hub
    let limits: SocketLimits
    /// Rooms with more sockets than this on the loop are told nothing about who comes and goes.
    private let presenceSocketsMax: Int
    /// By the bits of the window; one for all sockets that agreed on it.
    private var deflates: [Int: PerMessageDeflate] = [:]
    private var people: [UserID: [ChatSocket]] = [:]
    private var rooms: [RoomID: RoomSockets] = [:]
    private var roomIDs: [String: RoomID] = [:]
    private var resumptions: [RoomID: [Resumption]] = [:]
    private var toFlush: [ChatSocket] = []

    /// Those of one room.
    private struct RoomSockets {
        let slug: String
        var sockets: [ChatSocket] = []
    }

    init(hub: Hub, inbox: ShardInbox, limits: SocketLimits, presenceSocketsMax: Int) {
        self.hub = hub
        self.inbox = inbox
        self.limits = limits
        self.presenceSocketsMax = presenceSocketsMax
    }

    // MARK: Registration

    func register(_ socket: ChatSocket, as principal: Principal) {
        people[principal.user, default: []].append(socket)
    }

    func unregister(_ socket: ChatSocket) {
        guard let principal = socket.principal else { return }
        for room in socket.places.rooms { unsubscribe(socket, from: room) }
        people[principal.user]?.removeAll { $0 === socket }
        if people[principal.user]?.isEmpty == true { people[principal.user] = nil }
    }

    func subscribe(_ socket: ChatSocket, to room: RoomRef) {
        guard socket.places[room.id] == nil else { return }
        socket.places[room.id] = rooms[room.id]?.sockets.count ?? 0
        if rooms[room.id] == nil { roomIDs[room.slug] = room.id }
        rooms[room.id, default: RoomSockets(slug: room.slug)].sockets.append(socket)
    }

    /// The last socket in the list takes the place of the one that leaves, so that leaving costs the same in any room.
    func unsubscribe(_ socket: ChatSocket, from room: RoomID) {
        guard let place = socket.places[room], let last = rooms[room]?.sockets.popLast() else { return }
        socket.places[room] = nil
        if last !== socket {
            rooms[room]?.sockets[place] = last
            last.places[room] = place
        }
        if let left = rooms[room], left.sockets.isEmpty {
            rooms[room] = nil
            roomIDs[left.slug] = nil
        }
    }

    /// The room of this name, if the socket receives it.
    func room(_ slug: String, of socket: ChatSocket) -> RoomRef? {
        guard let id = roomIDs[slug], socket.places[id] != nil else { return nil }
        return RoomRef(id: id, slug: slug)
    }

    // MARK: Resuming

    /// Keeps what comes for a room until it is known what the socket missed before.
    func beginResumption(of socket: ChatSocket, in room: RoomRef, id: FrameID?) -> Resumption {
        let resumption = Resumption(socket: socket, room: room.id, id: id)
        resumptions[room.id, default: []].append(resumption)
        unsubscribe(socket, from: room.id)
        return resumption
    }

    private func finish(_ resumption: Resumption, _ result: Result<Resumption.Missed, ChatError>) {
        resumptions[resumption.room]?.removeAll { $0 === resumption }
        if resumptions[resumption.room]?.isEmpty == true { resumptions[resumption.room] = nil }
        let socket = resumption.socket
        guard !socket.hasLeft else { return }
        switch result {
        case .success(let missed) where !resumption.isOver:
            subscribe(socket, to: RoomRef(id: resumption.room, slug: missed.slug))
            socket.resumed(resumption.frames(missed))
        case .success:
            socket.finish(.failure(.notAMember), id: resumption.id)
        case .failure(let error):
            // What came meanwhile is lost to it; a client that wants the room asks again.
            socket.finish(.failure(error), id: resumption.id)
            if error.isTemporary { socket.close(.internalError) }
        }
    }

    // MARK: Delivery

    /// What compresses for a socket that offered it; `nil` where the setting does not allow it.
    func deflate(for offer: DeflateOffer?) -> PerMessageDeflate? {
        guard let bytesMin = limits.deflateBytesMin, let windowBits = offer?.windowBits else { return nil }
        if let deflate = deflates[windowBits] { return deflate }
        let deflate = PerMessageDeflate(windowBits: windowBits, bytesMin: bytesMin)
        deflates[windowBits] = deflate
        return deflate
    }

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
            case .room(let room, let seq, let frame):
                gathered.frames[room, default: FrameBatch()].append(frame)
                for resumption in resumptions[room] ?? [] { resumption.hold(frame.plain, seq: seq) }
            case .reply(let socket, let id, let result):
                gathered.replies.append((socket, id, result))
            case .others(let room, let user, let frame):
                for socket in rooms[room]?.sockets ?? [] where socket.principal?.user != user {
                    socket.sink.enqueue(frame.bytes(by: socket.sink.deflate))
                }
            case .neighbours(let rooms, let user, let frame):
                tellNeighbours(rooms, of: user, frame)
            case .missed(let resumption, let result):
                // Who receives a room may change now: what came before goes to those who are in it before.
                deliver(&gathered)
                finish(resumption.value, result)
            case .event(let event):
                deliver(&gathered)
                handle(event)
            case .surplus(let user, let number):
                for socket in people[user] ?? [] where socket.number == number { socket.close(.tooManySockets) }
            }
        }
        deliver(&gathered)
        let flushing = toFlush
        toFlush.removeAll(keepingCapacity: true)
        for socket in flushing { socket.sink.flush() }
    }

    private struct Gathered {
        var frames: [RoomID: FrameBatch] = [:]
        var replies: [(NIOLoopBound<ChatSocket>, FrameID?, Result<CommandResult, ChatError>)] = []
    }

    /// Messages first, then replies: a sender sees their own message before they see it acknowledged.
    private func deliver(_ gathered: inout Gathered) {
        // Where there is nothing to lay together, the first receivers need not wait for the last.
        let isOneRoom = gathered.frames.count == 1
        for (room, var batch) in gathered.frames {
            for socket in rooms[room]?.sockets ?? [] {
                let bytes = batch.bytes(by: socket.sink.deflate)
                if isOneRoom { socket.sink.send(bytes) } else { socket.sink.enqueue(bytes) }
            }
        }
        for (socket, id, result) in gathered.replies { socket.value.finish(result, id: id) }
        gathered = Gathered()
    }

    private func tellNeighbours(_ ids: [RoomID], of user: UserID, _ frame: SharedFrame) {
        var told: Set<ObjectIdentifier> = []
        for id in ids {
            guard let room = rooms[id], room.sockets.count <= presenceSocketsMax else { continue }
            for socket in room.sockets where socket.principal?.user != user {
                if told.insert(ObjectIdentifier(socket)).inserted {
                    socket.sink.enqueue(frame.bytes(by: socket.sink.deflate))
                }
            }
        }
    }

    private func handle(_ event: Event) {
        switch event {
        case .messageSent:
            preconditionFailure("a message is put as its frame")
        case .readMoved(let user, let room, let seq):
            let frame = ServerFrame.read(room: room.slug, seq: seq).framed()
            for socket in people[user] ?? [] where socket.room == nil || socket.room == room.slug {
                socket.sink.enqueue(frame)
            }
        case .roomJoined(let user, let view):
            let frame = ServerFrame.roomJoined(view).framed()
            for socket in people[user] ?? [] where socket.room == nil {
                socket.mustReloadRooms = true
                subscribe(socket, to: view.ref)
                socket.sink.enqueue(frame)
            }
        case .roomLeft(let user, let room, let exit):
            let frame = ServerFrame.roomLeft(room: room.slug, exit).framed()
            for resumption in resumptions[room.id] ?? [] where resumption.socket.principal?.user == user {
                resumption.isOver = true
            }
            for socket in people[user] ?? [] {
                socket.mustReloadRooms = true
                unsubscribe(socket, from: room.id)
                if socket.room == nil { socket.sink.enqueue(frame) }
                if socket.room == room.slug { socket.close(.roomLeft) }
            }
        case .personChanged(let change, let ids):
            let frame = ServerFrame.person(change).framed()
            var told: Set<ObjectIdentifier> = []
            let own = people[change.user] ?? []
            for socket in ids.lazy.flatMap({ self.rooms[$0]?.sockets ?? [] }) + own {
                guard told.insert(ObjectIdentifier(socket)).inserted else { continue }
                if socket.principal?.user == change.user { socket.rename(change.person.name) }
                socket.sink.enqueue(frame)
            }
        case .roomChanged(let room, let head):
            let frame = ServerFrame.roomChanged(room: room.slug, head).framed()
            for socket in rooms[room.id]?.sockets ?? [] { socket.sink.enqueue(frame) }
            for resumption in resumptions[room.id] ?? [] { resumption.hold(frame, seq: .max) }
        case .placeChanged(let user, let room, let place):
            let frame = ServerFrame.placeChanged(room: room.slug, place).framed()
            for socket in people[user] ?? [] where socket.room == nil || socket.room == room.slug {
                socket.sink.enqueue(frame)
            }
        case .roleChanged(let user, let role):
            for socket in people[user] ?? [] { socket.take(role) }
        case .sessionsEnded(let sessions):
            // Rare enough to look at everybody.
            for socket in people.values.joined() {
                if let session = socket.principal?.session, sessions.contains(session) { socket.close(.sessionEnded) }
            }
        case .accountDisabled(let user):
            for socket in people[user] ?? [] { socket.close(.accountDisabled) }
        }
    }

    // MARK: Liveness

    /// Pings the quiet ones and gives up the silent ones.
    func sweep(now: NIODeadline) {
        for socket in people.values.joined() { socket.sink.checkLiveness(now: now) }
    }
}
