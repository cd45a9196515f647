import Logging
import Model
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Proxy
import Wire

/// Stands between the HTTP decoder and the rest of a connection, and turns it into a socket at whichever request asks
/// for it: a proxy that keeps its connections open may send the upgrade as the second request, or the tenth.
///
/// Event loop only. HTTP's own handlers are added with the first ordinary request, so that a connection that is a
/// socket from the start never pays for them.
final class UpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// Before or between requests, or in the middle of ordinary ones.
        case http
        /// A request for a socket is being read, or waits for the answers to earlier requests.
        case requested(HTTPRequestHead, UpgradeRequest, isWhole: Bool)
        /// Its answer is being found.
        case deciding
        /// The HTTP handlers are leaving. What arrives meanwhile is for the socket.
        case switching([NIOAny])
        case done
    }

    /// What a connection turned out to be, told once.
    enum Outcome: Sendable {
        /// It speaks HTTP, at least for now.
        case http
        case socket
        case closed
    }

    private let frontDoor: FrontDoor
    private let isSecure: Bool
    private let sockets: (any SocketFactory)?
    private let openSockets: OpenSockets
    private let limits: SocketLimits
    private let logger: Logger
    private let removable: [any RemovableChannelHandler]
    private let outcome: EventLoopPromise<Outcome>
    private let addHTTP: (ChannelHandlerContext) throws -> Void
    private var state = State.http
    private var speaksHTTP = false
    private var hasOutcome = false
    private var responsesOutstanding = 0
    /// For the doctor who asked for a socket.
    private var proof: String?
    /// An upgrade that we do not know was asked for; the decoder reads no further request on this connection.
    private var mustClose = false

    /// - Parameters:
    ///   - isSecure: whether this is what TLS carries.
    ///   - sockets: `nil` where there are none to be had: every request is an ordinary one.
    ///   - removable: the HTTP handlers before this one, which a socket does not need.
    ///   - addHTTP: adds what ordinary requests need, after this handler.
    init(
        frontDoor: FrontDoor, isSecure: Bool, sockets: (any SocketFactory)?, openSockets: OpenSockets,
        limits: SocketLimits, logger: Logger,
        removable: [any RemovableChannelHandler], outcome: EventLoopPromise<Outcome>,
        addHTTP: @escaping (ChannelHandlerContext) throws -> Void
    ) {
        self.frontDoor = frontDoor
        self.isSecure = isSecure
        self.sockets = sockets
        self.openSockets = openSockets
        self.limits = limits
        self.logger = logger
        self.removable = removable
        self.outcome = outcome
        self.addHTTP = addHTTP
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.closed)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Before the first request there is nobody behind us who would close.
        if !speaksHTTP, event is ChannelShouldQuiesceEvent || event as? ChannelEvent == .inputClosed {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !speaksHTTP, case .http = state else { return context.fireErrorCaught(error) }
        if error is HTTPParserError {
            refuse(
                UpgradeRefusal(ChatError(.badRequest, "This is not an HTTP request."), status: .badRequest), context)
        } else {
            context.close(promise: nil)
        }
    }

    // MARK: Requests in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .http:
            receive(unwrapInboundIn(data), context)
        case .requested(let head, let request, isWhole: false):
            guard case .end = unwrapInboundIn(data) else { return }
            state = .requested(head, request, isWhole: true)
            decideIfDue(context)
        case .requested, .deciding:
            break
        case .switching(var waiting):
            waiting.append(data)
            state = .switching(waiting)
        case .done:
            context.fireChannelRead(data)
        }
    }

    private func receive(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        guard case .head(let head) = part else { return context.fireChannelRead(wrapInboundOut(part)) }
        if let ambiguity = FrontDoor.ambiguity(target: head.uri, hosts: head.headers["host"]) {
            return refuse(ambiguity, context)
        }
        if let sockets,
            let request = UpgradeRequest(
                head, path: frontDoor.localPath(head.uri), sessionCookie: sockets.sessionCookie)
        {
            state = .requested(head, request, isWhole: false)
            return
        }
        if !head.headers[canonicalForm: "upgrade"].isEmpty || head.method == .CONNECT { mustClose = true }
        do {
            try speakHTTP(context)
        } catch {
            return context.close(promise: nil)
        }
        responsesOutstanding += 1
        // RFC 9110, section 10.1.1: the client holds its body back until it is told to go on.
        if head.version == .http1_1, responsesOutstanding == 1,
            head.headers.first(name: "expect")?.lowercased() == "100-continue"
        {
            let proceed = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(proceed)), promise: nil)
        }
        context.fireChannelRead(wrapInboundOut(part))
    }

    /// Ends the connection, with a word on it unless earlier answers are still to come.
    private func refuse(_ error: ChatError, _ context: ChannelHandlerContext) {
        guard responsesOutstanding == 0 else { return context.close(promise: nil) }
        refuse(UpgradeRefusal(error), context)
    }

    private func speakHTTP(_ context: ChannelHandlerContext) throws {
        guard !speaksHTTP else { return }
        speaksHTTP = true
        try addHTTP(context)
        finish(.http)
    }

    private func finish(_ result: Outcome) {
        guard !hasOutcome else { return }
        hasOutcome = true
        outcome.succeed(result)
    }

    // MARK: Responses out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch state {
        case .http, .requested: break
        case .deciding, .switching, .done: return context.write(data, promise: promise)
        }
        switch unwrapOutboundIn(data) {
        case .head(var head) where mustClose && responsesOutstanding == 1 && head.status.code >= 200:
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            responsesOutstanding -= 1
            context.write(data, promise: promise)
            if mustClose, responsesOutstanding == 0 {
                context.flush()
                context.close(mode: .output, promise: nil)
            }
            decideIfDue(context)
        default:
            context.write(data, promise: promise)
        }
    }

    // MARK: The upgrade

    private func decideIfDue(_ context: ChannelHandlerContext) {
        guard case .requested(let head, let request, isWhole: true) = state, let sockets, responsesOutstanding == 0
        else { return }
        state = .deciding
        proof = frontDoor.proof(for: head.headers.first(name: DoctorHeader.question))
        if let fault = UpgradeRequest.handshakeFault(head.headers) {
            return refuse(UpgradeRefusal(fault), context)
        }
        let visitor = frontDoor.visitor(
            peer: frontDoor.peer(of: context.channel, connected: Peer(of: context.channel)), isSecure: isSecure,
            ForwardedHeaders { head.headers[$0] })
        if let fault = frontDoor.fault(target: head.uri, host: head.headers["host"].first, visitor: visitor) {
            return refuse(UpgradeRefusal(fault), context)
        }
        if let refusal = frontDoor.refusal(at: .socket, of: visitor) { return refuse(UpgradeRefusal(refusal), context) }
        guard openSockets.admit(context.channel, of: visitor.address) else {
            return refuse(
                UpgradeRefusal(
                    ChatError(.tooManySockets, "There are too many connections from your address."),
                    status: .tooManyRequests), context)
        }
        let log = SocketLog(logger, head: head, visitor)
        let socket =
            proof == nil
            ? sockets.makeSocket(for: request, on: context.eventLoop, log: log)
            : makeDoctorSocket(head, visitor, log, context)
        if proof == nil {
            let (lost, network) = (frontDoor.lostSockets, frontDoor.network(of: visitor))
            socket.lost = { lost.record(age: $0, from: network) }
        }
        let admission = socket.admit(request.credentials) ?? context.eventLoop.makeFailedFuture(ChatError.internal)
        admission.assumeIsolated()
            .flatMap { self.responseHeaders(head, request, deflate: socket.deflate, context) }
            .whenComplete { result in
                guard context.channel.isActive else { return socket.leave() }
                switch result {
                case .success where socket.earlyClose != nil:
                    self.refuse(
                        socket, ChatError(.sessionEnded, "You have signed out. Sign in again."), log, context)
                case .success(let headers):
                    self.accept(socket, headers, context)
                case .failure(let error):
                    if (error as? ChatError)?.code == .originRefused {
                        self.frontDoor.refused(origin: head.headers.first(name: "origin"), visitor: visitor)
                    }
                    self.refuse(socket, error as? ChatError ?? .internal, log, context)
                }
            }
    }

    private func makeDoctorSocket(
        _ head: HTTPRequestHead, _ visitor: Visitor, _ log: SocketLog, _ context: ChannelHandlerContext
    ) -> SocketHandler {
        let socket = SocketHandler(limits: limits, log: log)
        let report = DoorReport(
            visitor, channel: context.channel, target: head.uri, hostHeader: head.headers.first(name: "host"),
            headers: head.headers.map { ($0.name, $0.value) }, door: frontDoor, bodyBytesMax: 0)
        socket.attach(DoctorSession(handler: socket, report: report, eventLoop: context.eventLoop))
        return socket
    }

    /// The headers of the 101, `Sec-WebSocket-Accept` among them.
    private func responseHeaders(
        _ head: HTTPRequestHead, _ request: UpgradeRequest, deflate: PerMessageDeflate?,
        _ context: ChannelHandlerContext
    ) -> EventLoopFuture<HTTPHeaders> {
        let subprotocol = request.subprotocol
        let proof = proof
        let compression = deflate == nil ? nil : request.deflate?.answer
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in
                var headers = HTTPHeaders()
                if let subprotocol { headers.add(name: "Sec-WebSocket-Protocol", value: subprotocol) }
                if let proof { headers.add(name: DoctorHeader.proof, value: proof) }
                if let compression { headers.add(name: "Sec-WebSocket-Extensions", value: compression) }
                return channel.eventLoop.makeSucceededFuture(headers)
            },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        return upgrader.buildUpgradeResponse(
            channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:])
    }

    private func accept(_ socket: SocketHandler, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        state = .switching([])
        let pipeline = context.pipeline
        let leaving = removable.map { handler in
            let removed = context.eventLoop.makePromise(of: Void.self)
            pipeline.syncOperations.removeHandler(handler, promise: removed)
            return removed.futureResult
        }
        EventLoopFuture.andAllSucceed(leaving, on: context.eventLoop).assumeIsolated().whenComplete { _ in
            self.switchOver(to: socket, context)
        }
    }

    private func switchOver(to socket: SocketHandler, _ context: ChannelHandlerContext) {
        guard case .switching(let waiting) = state, context.channel.isActive else { return socket.leave() }
        state = .done
        do {
            let decoder = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.frameBytesMax))
            var handlers: [any ChannelHandler] = [decoder, socket]
            if speaksHTTP { handlers.append(HTTPRemains()) }
            try context.pipeline.syncOperations.addHandlers(handlers, position: .after(self))
        } catch {
            socket.leave()
            return context.close(promise: nil)
        }
        for data in waiting { context.fireChannelRead(data) }
        context.fireChannelReadComplete()
        finish(.socket)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    // MARK: Refusals

    private func refuse(
        _ socket: SocketHandler, _ error: ChatError, _ log: SocketLog, _ context: ChannelHandlerContext
    ) {
        socket.leave()
        log(.notice, "socket refused", ["reason": "\(error.code.rawValue)"])
        refuse(UpgradeRefusal(error), context)
    }

    private func refuse(_ refusal: UpgradeRefusal, _ context: ChannelHandlerContext) {
        state = .deciding
        finish(.closed)
        var head = HTTPResponseHead(version: .http1_1, status: refusal.status, headers: refusal.headers)
        if let proof { head.headers.add(name: DoctorHeader.proof, value: proof) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(refusal.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}
