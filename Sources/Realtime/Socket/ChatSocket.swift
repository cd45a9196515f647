import Logging
import Model
import NIOCore
import Wire

/// A person's socket: signs in, knows which rooms it receives, and passes commands on. Event loop only.
final class ChatSocket: SocketSession {
    /// The one room of this socket; `nil` for all of the person's.
    let room: String?
    let handler: SocketHandler
    private(set) var principal: Principal?
    /// The rooms it receives, each with its place in the shard's list.
    var places: [RoomID: Int] = [:]
    /// Set while the rooms are being looked up, when one was joined or left meanwhile.
    var mustReloadRooms = false

    private let shard: HubShard
    private let gate: any SocketGate
    private let limits: SocketLimits
    private var logger: Logger
    private var eventLoop: any EventLoop { shard.inbox.eventLoop }
    private var commandsInFlight = 0
    private var badFrames = 0
    private var isAuthenticating = false
    private var authenticationTimeout: Scheduled<Void>?
    /// It is over, whatever is still being looked up for it.
    private var hasLeft = false
    /// The server stops: no further commands are taken, and the socket closes when those before are answered.
    private var isLeaving = false

    init(room: String?, shard: HubShard, gate: any SocketGate, limits: SocketLimits, logger: Logger) {
        self.room = room
        self.shard = shard
        self.gate = gate
        self.limits = limits
        self.logger = logger
        handler = SocketHandler(limits: limits, logger: logger)
        handler.attach(self)
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
    private func receiveRooms(of principal: Principal) -> EventLoopFuture<Void> {
        guard !hasLeft else { return eventLoop.makeFailedFuture(ChannelError.alreadyClosed) }
        self.principal = principal
        logger[metadataKey: "user"] = "\(principal.user.rawValue)"
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
            for room in rooms { self.shard.subscribe(self, to: room.id) }
            self.logger.info(
                "connected to room", metadata: ["room": "\(self.room ?? "all")", "rooms": "\(rooms.count)"])
            return self.eventLoop.makeSucceededVoidFuture()
        }.nonisolated()
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
        shard.unregister(self)
        handler.leave()
    }

    func quiesce() {
        isLeaving = true
        closeIfAnswered()
    }

    private func closeIfAnswered() {
        if isLeaving, commandsInFlight == 0 { close(.goingAway) }
    }

    // MARK: In

    func receive(binary: ByteBuffer) {
        close(.unsupportedData)
    }

    func receive(text: ByteBuffer) {
        do throws(ClientFrameError) {
            let frame = try ClientFrame(decoding: text, room: room)
            switch frame.body {
            case .authenticate(let token): authenticate(token, id: frame.id)
            case .command(let command): handle(command, id: frame.id)
            case .ping: handlePing(id: frame.id)
            }
        } catch {
            refuse(error.error, id: error.id)
        }
    }

    private func handlePing(id: FrameID?) {
        guard principal != nil else { return close(.credentialsMissing) }
        badFrames = 0
        if let id { handler.send(ServerFrame.ok(re: id, nil).framed()) }
    }

    private func handle(_ command: Command, id: FrameID?) {
        guard !isLeaving else { return }
        guard let principal else { return close(.credentialsMissing) }
        guard !isAuthenticating else {
            return refuse(ChatError(.notAuthenticated, "Wait until authenticate is answered."), id: id)
        }
        guard commandsInFlight < limits.commandsInFlightMax else {
            return refuse(ChatError(.tooManyInFlight, "Wait for some replies before sending more."), id: id)
        }
        commandsInFlight += 1
        gate.handle(command, from: principal, reply: shard.replies(to: self, id: id))
    }

    /// A command was carried out or refused.
    func finish(_ result: Result<CommandResult, ChatError>, id: FrameID?) {
        commandsInFlight -= 1
        switch result {
        case .success(let result):
            badFrames = 0
            if let id { handler.enqueue(ServerFrame.ok(re: id, result).framed()) }
        case .failure(let error):
            refuse(error, id: id)
        }
        closeIfAnswered()
    }

    private func refuse(_ error: ChatError, id: FrameID?) {
        handler.send(ServerFrame.error(re: id, error).framed())
        guard !error.isTemporary else { return }
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
                self.handler.send(ServerFrame.ok(re: id, nil).framed())
            case .failure(let error):
                self.refuseSignIn(error as? ChatError ?? .internal, id: id)
            }
        }
    }

    private func refuseSignIn(_ error: ChatError, id: FrameID?) {
        logger.notice("socket refused", metadata: ["reason": "\(error.code.rawValue)"])
        handler.send(ServerFrame.error(re: id, error).framed())
        close(CloseCode(refusing: error.code))
    }

    // MARK: Out

    func needsFlush() {
        shard.willFlush(self)
    }

    func close(_ code: CloseCode) {
        handler.close(code)
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
