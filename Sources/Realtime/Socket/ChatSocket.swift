import Logging
import Model
import NIOCore
import Wire

/// A person's socket: signs in, knows which rooms it receives, and passes commands on. Event loop only.
final class ChatSocket: SocketSession {
    /// The one room of this socket; `nil` for all of the person's.
    let room: String?
    let sink: any FrameSink
    private(set) var principal: Principal?
    /// What it is called among the person's sockets, once it receives its rooms.
    private(set) var number: UInt32?
    var places = RoomPlaces()
    /// Set while the rooms are being looked up, when one was joined or left meanwhile.
    var mustReloadRooms = false

    private let shard: HubShard
    private let gate: any SocketGate
    private let log: SocketLog
    private var limits: SocketLimits { shard.limits }
    private var eventLoop: any EventLoop { shard.inbox.eventLoop }
    private var commandsInFlight = 0
    private var badFrames = 0
    private var budget: FrameBudget
    private var isAuthenticating = false
    private var authenticationTimeout: Scheduled<Void>?
    /// It is over, whatever is still being looked up for it.
    private(set) var hasLeft = false
    /// The server stops: no further commands are taken, and the socket closes when those before are answered.
    private var isLeaving = false

    init(room: String?, sink: any FrameSink, shard: HubShard, gate: any SocketGate, log: SocketLog) {
        self.room = room
        self.sink = sink
        self.shard = shard
        self.gate = gate
        self.log = log
        budget = FrameBudget(perSecond: shard.limits.framesPerSecondMax, now: .now())
    }

    // MARK: Life

    func admit(_ credentials: SocketCredentials?) -> EventLoopFuture<Void> {
        guard let credentials else { return eventLoop.makeSucceededVoidFuture() }
        return eventLoop.makeFutureWithTask { [gate] in
            try await gate.authenticate(credentials)
        }.assumeIsolated().flatMap { principal in
            self.receiveRooms(of: principal)
        }.nonisolated()
    }

    /// Registers with the shard and looks up the rooms; again, if they change meanwhile. From the moment this future
    /// succeeds the socket receives everything that is committed.
    /// The person is called otherwise from now on.
    func rename(_ name: String) {
        principal?.name = name
    }

    func receiveRooms(of principal: Principal) -> EventLoopFuture<Void> {
        guard !hasLeft else { return eventLoop.makeFailedFuture(ChannelError.alreadyClosed) }
        self.principal = principal
        log.user = principal.user
        shard.register(self, as: principal)
        return loadRooms(of: principal)
    }

    private func loadRooms(of principal: Principal) -> EventLoopFuture<Void> {
        mustReloadRooms = false
        let rooms = eventLoop.makeFutureWithTask { [gate, room] in
            try await gate.subscriptions(of: principal, room: room)
        }
        return rooms.assumeIsolated().flatMap { rooms in
            if self.hasLeft { return self.eventLoop.makeFailedFuture(ChannelError.alreadyClosed) }
            if self.mustReloadRooms { return self.loadRooms(of: principal) }
            self.receive(rooms, of: principal)
            return self.eventLoop.makeSucceededVoidFuture()
        }.nonisolated()
    }

    private func receive(_ rooms: [RoomRef], of principal: Principal) {
        let received = rooms.prefix(limits.subscriptionsMax)
        for room in received { shard.subscribe(self, to: room) }
        number = shard.hub.arrived(principal, rooms: received.map(\.id))
        log(.info, "connected to room", ["room": "\(room ?? "all")", "rooms": "\(rooms.count)"])
        guard received.count < rooms.count else { return }
        let sentence = "This connection receives \(received.count) of your \(rooms.count) rooms."
        sink.send(ServerFrame.error(re: nil, ChatError(.tooManyRooms, sentence)).framed())
    }

    func opened(_ context: ChannelHandlerContext) {
        guard principal == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        authenticationTimeout = eventLoop.scheduleTask(in: limits.authenticationTime) {
            bound.value.close(.authenticationTimeout)
        }
    }

    func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        authenticationTimeout?.cancel()
        authenticationTimeout = nil
        if let principal, let number { shard.hub.left(number, principal, rooms: places.rooms) }
        shard.unregister(self)
        sink.leave()
    }

    func quiesce() {
        isLeaving = true
        closeIfAnswered()
    }

    private func closeIfAnswered() {
        if isLeaving, commandsInFlight == 0 { close(.goingAway) }
    }

    /// The person's role on the server is another from now on.
    func take(_ role: Role) {
        principal = principal?.with(role)
    }

    // MARK: In

    func receive(binary: ByteBuffer) {
        close(.unsupportedData)
    }

    func receive(text: ByteBuffer) {
        do throws(ClientFrameError) {
            let frame = try ClientFrame(decoding: text, room: room)
            guard budget.take(now: .now()) else { return refuseTooMany(id: frame.id) }
            if let principal, let scope = frame.body.scope, !principal.has(scope) {
                return refuse(.scopeMissing(scope), id: frame.id)
            }
            switch frame.body {
            case .authenticate(let token): authenticate(token, id: frame.id)
            case .command(let command): handle(command, id: frame.id)
            case .resume(let room, let position): resume(room, since: position, id: frame.id)
            case .typing(let room, let isActive): handleTyping(in: room, isActive: isActive, id: frame.id)
            case .ping: handlePing(id: frame.id)
            }
        } catch {
            refuse(error.error, id: error.id)
        }
    }

    private func handlePing(id: FrameID?) {
        guard principal != nil else { return close(.credentialsMissing) }
        badFrames = 0
        if let id { sink.send(ServerFrame.ok(re: id, nil).framed()) }
    }

    private func handle(_ command: Command, id: FrameID?) {
        guard let principal = begin(id) else { return }
        gate.handle(command, from: principal, reply: shard.replies(to: self, id: id))
    }

    /// Counts a command as begun.
    /// - Returns: whose it is; `nil` where it is not taken, which the client was told.
    private func begin(_ id: FrameID?) -> Principal? {
        guard !isLeaving else { return nil }
        guard let principal else {
            close(.credentialsMissing)
            return nil
        }
        guard !isAuthenticating else {
            refuse(ChatError(.notAuthenticated, "Wait until authenticate is answered."), id: id)
            return nil
        }
        guard commandsInFlight < limits.commandsInFlightMax else {
            refuse(ChatError(.tooManyInFlight, "Wait for some replies before sending more."), id: id)
            return nil
        }
        commandsInFlight += 1
        return principal
    }

    private func handleTyping(in slug: String, isActive: Bool, id: FrameID?) {
        guard let principal = begin(id) else { return }
        guard let room = shard.room(slug, of: self) else { return finish(.failure(.roomNotFound), id: id) }
        shard.hub.typed(principal, in: room, isActive: isActive)
        commandsInFlight -= 1
        badFrames = 0
        if let id { sink.send(ServerFrame.ok(re: id, nil).framed()) }
    }

    /// Looks up what was missed in a room while the shard keeps what comes meanwhile. For a room that the socket does
    /// not receive, the look-up says why.
    private func resume(_ slug: String, since position: StreamPosition, id: FrameID?) {
        guard let principal = begin(id) else { return }
        let room = shard.room(slug, of: self) ?? RoomRef(id: RoomID(rawValue: 0), slug: slug)
        let resumption = NIOLoopBound(shard.beginResumption(of: self, in: room, id: id), eventLoop: eventLoop)
        let isReceived = room.id.rawValue != 0
        // Half of what may wait, since live messages come on top.
        let bytesMax = limits.outboundBytesMax / 2
        Task { [gate, inbox = shard.inbox] in
            let result: Result<Resumption.Missed, ChatError>
            do {
                let missed = try await gate.missed(slug, since: position, by: principal)
                result = isReceived ? .success(Resumption.Missed(missed, bytesMax: bytesMax)) : .failure(.notAMember)
            } catch {
                result = .failure(error as? ChatError ?? .internal)
            }
            inbox.put(.missed(resumption, result))
        }
    }

    func resumed(_ frames: ByteBuffer) {
        commandsInFlight -= 1
        badFrames = 0
        sink.enqueue(sink.deflate?.compress(frames) ?? frames)
        closeIfAnswered()
    }

    /// A command was carried out or refused.
    func finish(_ result: Result<CommandResult, ChatError>, id: FrameID?) {
        commandsInFlight -= 1
        switch result {
        case .success(let result):
            badFrames = 0
            if let id { sink.enqueue(ServerFrame.ok(re: id, result).framed()) }
        case .failure(let error):
            refuse(error, id: id)
        }
        closeIfAnswered()
    }

    private func refuse(_ error: ChatError, id: FrameID?) {
        sink.send(ServerFrame.error(re: id, error).framed())
        guard !error.isTemporary else { return }
        badFrames += 1
        if badFrames > limits.badFramesMax { close(.policyViolation) }
    }

    /// Beyond the budget a frame is refused; a client that goes on regardless is closed.
    private func refuseTooMany(id: FrameID?) {
        sink.send(ServerFrame.error(re: id, ChatError(.tooManyFrames, "Slow down a little.")).framed())
        badFrames += 1
        if badFrames > limits.badFramesMax { close(.policyViolation) }
    }

    private func authenticate(_ token: String, id: FrameID?) {
        guard principal == nil, !isAuthenticating else {
            return refuse(ChatError(.alreadyAuthenticated, "This socket is signed in."), id: id)
        }
        isAuthenticating = true
        admit(.accessToken(token)).assumeIsolated().whenComplete { result in
            self.isAuthenticating = false
            guard !self.hasLeft else { return }
            switch result {
            case .success:
                self.authenticationTimeout?.cancel()
                self.sink.send(ServerFrame.ok(re: id, nil).framed())
            case .failure(let error):
                self.refuseSignIn(error as? ChatError ?? .internal, id: id)
            }
        }
    }

    private func refuseSignIn(_ error: ChatError, id: FrameID?) {
        log(.notice, "socket refused", ["reason": "\(error.code.rawValue)"])
        sink.send(ServerFrame.error(re: id, error).framed())
        close(CloseCode(refusing: error.code))
    }

    // MARK: Out

    func needsFlush() {
        shard.willFlush(self)
    }

    func close(_ code: CloseCode) {
        sink.close(code)
    }
}

extension CloseCode {
    /// The code that tells a client what to do about credentials that were refused.
    fileprivate init(refusing code: ChatError.Code) {
        switch code {
        case .tokenExpired, .sessionExpired: self = .tokenExpired
        case .sessionEnded: self = .sessionEnded
        case .accountDisabled, .userGone: self = .accountDisabled
        case .roomNotFound, .notAMember: self = .roomLeft
        case .storageUnavailable, .internal, .tooBusy, .notReady: self = .internalError
        default: self = .tokenInvalid
        }
    }
}
