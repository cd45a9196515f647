import Logging
import Model
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Wire

/// One open socket: carries out what `SocketStateMachine` decides, and writes whole frames below any encoder.
///
/// Event loop only. It has no task of its own: an idle socket costs this object and its handlers.
final class SocketConnection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = ByteBuffer

    /// The one room of this socket; `nil` for all of the person's.
    let room: String?
    private(set) var principal: Principal?
    /// The rooms it receives, each with its place in the shard's list.
    var places: [RoomID: Int] = [:]
    /// Set while the rooms are being looked up, when one was joined or left meanwhile.
    var mustReloadRooms = false
    /// When something was last heard from, and last sent to, the other side.
    private(set) var lastHeard: NIODeadline
    private var lastSent: NIODeadline
    private var lastPinged: NIODeadline

    private let shard: HubShard
    private let gate: any SocketGate
    private let limits: SocketLimits
    private var logger: Logger
    private var machine: SocketStateMachine
    private var context: ChannelHandlerContext?
    /// What was to be sent before the channel spoke WebSocket.
    private var early: [ByteBuffer] = []
    private var needsFlush = false
    private var commandsInFlight = 0
    private var badFrames = 0
    private var isAuthenticating = false
    /// It is over, whatever is still being looked up for it.
    private var hasLeft = false
    /// The server stops: no further commands are taken, and the socket closes when those before are answered.
    private var isLeaving = false
    private var authenticationTimeout: Scheduled<Void>?
    /// Why it has to end, while the channel does not speak WebSocket yet.
    private(set) var earlyClose: CloseCode?

    init(room: String?, shard: HubShard, gate: any SocketGate, limits: SocketLimits, logger: Logger) {
        self.room = room
        self.shard = shard
        self.gate = gate
        self.limits = limits
        self.logger = logger
        machine = SocketStateMachine(messageBytesMax: limits.frameBytesMax)
        lastHeard = .now()
        lastSent = .now()
        lastPinged = .now()
    }

    // MARK: Life

    /// Registers with the shard and looks up the rooms; again, if they change meanwhile. From the moment this future
    /// succeeds the socket receives everything that is committed.
    func admit(_ principal: Principal, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        guard !hasLeft else { return eventLoop.makeFailedFuture(ChannelError.alreadyClosed) }
        self.principal = principal
        logger[metadataKey: "user"] = "\(principal.user.rawValue)"
        shard.register(self, as: principal)
        return loadRooms(of: principal, on: eventLoop)
    }

    private func loadRooms(of principal: Principal, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        mustReloadRooms = false
        let rooms = eventLoop.makeFutureWithTask { [gate, room] in
            try await gate.subscriptions(of: principal, room: room)
        }
        return rooms.assumeIsolated().flatMap { rooms in
            if self.hasLeft { return eventLoop.makeFailedFuture(ChannelError.alreadyClosed) }
            if self.mustReloadRooms { return self.loadRooms(of: principal, on: eventLoop) }
            for room in rooms { self.shard.subscribe(self, to: room.id) }
            self.logger.info(
                "connected to room", metadata: ["room": "\(self.room ?? "all")", "rooms": "\(rooms.count)"])
            return eventLoop.makeSucceededVoidFuture()
        }.nonisolated()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        for frame in early { write(frame) }
        early = []
        flush()
        if let earlyClose {
            close(earlyClose)
        } else if principal == nil {
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            authenticationTimeout = context.eventLoop.scheduleTask(in: limits.authenticationTime) {
                bound.value.close(.authenticationTimeout)
            }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    /// Forgets the socket. Safe to call again.
    func leave() {
        hasLeft = true
        authenticationTimeout?.cancel()
        authenticationTimeout = nil
        shard.unregister(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            isLeaving = true
            leaveIfAnswered()
        case ChannelEvent.inputClosed:
            // Half-closed: nobody will answer a close frame any more.
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: close(.messageTooBig)
        case is NIOWebSocketError: close(.protocolError)
        // What follows a frame that could not be read cannot be read either; our close frame is on its way.
        case is ByteToMessageDecoderError where !machine.isOpen: break
        default: context.close(promise: nil)
        }
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastHeard = .now()
        carryOut(machine.receive(unwrapInboundIn(data)))
    }

    private func carryOut(_ action: SocketStateMachine.Action) {
        switch action {
        case .nothing:
            break
        case .message(let bytes):
            receive(bytes)
        case .pong(let payload):
            send(WireFrame.pong(payload))
        case .close(let code):
            write(WireFrame.close(code))
            context?.flush()
            leave()
            endLater()
        case .answerClose(let code):
            write(WireFrame.close(answering: code))
            context?.flush()
            leave()
            context?.close(mode: .all, promise: nil)
        case .end:
            context?.close(mode: .all, promise: nil)
        }
    }

    private func receive(_ bytes: ByteBuffer) {
        do throws(ClientFrameError) {
            let frame = try ClientFrame(decoding: bytes, room: room)
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
        if let id { send(ServerFrame.ok(re: id, nil).framed()) }
    }

    private func leaveIfAnswered() {
        if isLeaving, commandsInFlight == 0 { close(.goingAway) }
    }

    private func handle(_ command: Command, id: FrameID?) {
        guard !isLeaving else { return }
        guard let principal, !isAuthenticating else {
            if isAuthenticating {
                return refuse(ChatError(.notAuthenticated, "Wait until authenticate is answered."), id: id)
            }
            return close(.credentialsMissing)
        }
        guard commandsInFlight < limits.commandsInFlightMax else {
            return refuse(ChatError(.tooManyInFlight, "Wait for some replies before sending more."), id: id)
        }
        commandsInFlight += 1
        let reply = shard.replies(to: self, id: id)
        gate.handle(command, from: principal, reply: reply)
    }

    /// A command was carried out or refused.
    func finish(_ result: Result<CommandResult, ChatError>, id: FrameID?) {
        commandsInFlight -= 1
        switch result {
        case .success(let result):
            badFrames = 0
            if let id { enqueue(ServerFrame.ok(re: id, result).framed()) }
        case .failure(let error):
            refuse(error, id: id)
        }
        leaveIfAnswered()
    }

    private func refuse(_ error: ChatError, id: FrameID?) {
        send(ServerFrame.error(re: id, error).framed())
        guard !error.isTemporary else { return }
        badFrames += 1
        if badFrames > limits.badFramesMax { close(.policyViolation) }
    }

    private func authenticate(_ token: String, id: FrameID?) {
        guard principal == nil, !isAuthenticating, let context else {
            return refuse(ChatError(.alreadyAuthenticated, "This socket is signed in."), id: id)
        }
        isAuthenticating = true
        let eventLoop = context.eventLoop
        eventLoop.makeFutureWithTask { [gate] in
            try await gate.authenticate(.accessToken(token))
        }.assumeIsolated().flatMap { principal in
            self.admit(principal, on: eventLoop)
        }.whenComplete { result in
            self.isAuthenticating = false
            guard !self.hasLeft else { return }
            switch result {
            case .success:
                self.authenticationTimeout?.cancel()
                self.send(ServerFrame.ok(re: id, nil).framed())
            case .failure(let error):
                self.refuseSignIn(error as? ChatError ?? .internal, id: id)
            }
        }
    }

    private func refuseSignIn(_ error: ChatError, id: FrameID?) {
        logger.notice("socket refused", metadata: ["reason": "\(error.code.rawValue)"])
        send(ServerFrame.error(re: id, error).framed())
        close(CloseCode(refusing: error.code))
    }

    // MARK: Out

    /// Queues a frame to go out with the next flush. A reader too slow is closed.
    func enqueue(_ frame: ByteBuffer) {
        guard machine.isOpen else { return }
        write(frame)
        if !needsFlush {
            needsFlush = true
            shard.willFlush(self)
        }
    }

    func flush() {
        needsFlush = false
        guard let context else { return }
        context.flush()
        guard machine.isOpen, !context.channel.isWritable else { return }
        let waiting = (try? context.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0
        guard waiting > limits.outboundBytesMax else { return }
        logger.notice("reader is too slow", metadata: ["waiting": "\(waiting)"])
        close(.slowReader)
    }

    /// Closes with a code. Does nothing on a socket that is closing already.
    func close(_ code: CloseCode) {
        guard context != nil else {
            earlyClose = earlyClose ?? code
            return
        }
        logger.debug("socket closes", metadata: ["code": "\(code.rawValue)", "name": "\(code.name)"])
        carryOut(machine.close(code))
    }

    /// Whether one of the two directions, either of which a proxy may watch, was silent for so long.
    func isQuiet(at now: NIODeadline, for interval: TimeAmount) -> Bool {
        now - lastPinged >= interval && (now - lastHeard >= interval || now - lastSent >= interval)
    }

    func ping(at now: NIODeadline) {
        lastPinged = now
        send(WireFrame.ping())
    }

    private func send(_ frame: ByteBuffer) {
        guard machine.isOpen else { return }
        write(frame)
        flush()
    }

    private func write(_ frame: ByteBuffer) {
        guard let context else {
            // Before it spoke WebSocket; after its end there is nobody to write to.
            if !hasLeft { early.append(frame) }
            return
        }
        lastSent = .now()
        context.write(wrapOutboundOut(frame), promise: nil)
    }

    /// Gives the other side a moment to answer our close frame.
    private func endLater() {
        guard let context else { return }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: limits.closeTime) { bound.value.close(promise: nil) }
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
