import HTTPTypes
package import HummingbirdCore
import HummingbirdHTTP2
package import Logging
package import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL
import Proxy

/// What each accepted connection is set up as: HTTP/1.1, which may become a socket, or HTTP/2 where TLS is on and the
/// client prefers it. This is Hummingbird's seam for servers of one's own.
package struct ConnectionChannel: HTTPChannelHandler {
    package let responder: Responder
    private let frontDoor: FrontDoor
    private let certificate: ServerCertificate?
    private let sockets: (any SocketFactory)?
    private let openSockets: OpenSockets
    private let connections: ConnectionLimit
    private let limits: SocketLimits
    private let http2: HTTP2Channel

    /// - Parameters:
    ///   - responder: answers ordinary requests.
    ///   - frontDoor: what each request for a socket passes first. For ordinary ones the responder sees to that.
    ///   - certificate: for TLS; `nil` for plain connections.
    ///   - sockets: makes what sockets are for; `nil` where there are none to be had.
    ///   - openSockets: told of each socket, so that the server's end can wait for theirs.
    package init(
        responder: @escaping Responder, frontDoor: FrontDoor, certificate: ServerCertificate? = nil,
        sockets: (any SocketFactory)?, openSockets: OpenSockets, connections: ConnectionLimit, limits: SocketLimits
    ) {
        let responder = Self.asSeen(by: frontDoor, isSecure: certificate != nil, responder)
        self.responder = responder
        self.frontDoor = frontDoor
        self.certificate = certificate
        self.sockets = sockets
        self.openSockets = openSockets
        self.connections = connections
        self.limits = limits
        http2 = HTTP2Channel(
            responder: responder,
            configuration: HTTP2ChannelConfiguration(
                idleTimeout: .nanoseconds(limits.httpIdleTime.nanoseconds),
                gracefulCloseTimeout: .nanoseconds(limits.closeTime.nanoseconds),
                streamConfiguration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [StreamDeadline(limits: limits), StreamGuard()])))
    }

    /// Says how the request came, whatever it says of that itself, and takes off what the public URL has in front of all
    /// paths, before the router goes by them.
    private static func asSeen(
        by frontDoor: FrontDoor, isSecure: Bool, _ responder: @escaping Responder
    ) -> Responder {
        { request, writer, channel in
            var head = request.head
            head.scheme = isSecure ? "https" : "http"
            head.path = head.path.map { frontDoor.localPath($0) }
            try await responder(Request(head: head, body: request.body), writer, channel)
        }
    }

    package struct Value: ServerChildChannelValue {
        package let channel: any Channel
        fileprivate let http: EventLoopFuture<HTTP?>
    }

    /// A connection that is not a socket.
    fileprivate enum HTTP: Sendable {
        case one(HTTPParts)
        case two(HTTP2Channel.Value)
    }

    fileprivate typealias HTTPParts = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard connections.admit(channel, isSecure: certificate != nil) else {
            return channel.eventLoop.makeSucceededFuture(
                Value(channel: channel, http: channel.eventLoop.makeSucceededFuture(nil)))
        }
        return channel.eventLoop.makeCompletedFuture {
            // A channel keeps the buffer it reads into, and NIO's own choice is 2 KiB: a third of an idle socket.
            try channel.syncOptions?.setOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 65_536))
            let http = channel.eventLoop.makePromise(of: HTTP?.self)
            try channel.pipeline.syncOperations.addHandler(
                PreambleHandler(frontDoor: frontDoor, expectsTLS: certificate != nil))
            if let certificate {
                try channel.pipeline.syncOperations.addHandlers(
                    NIOSSLServerHandler(context: certificate.context),
                    HandshakeHandler(limits: limits, logger: logger) { outcome in
                        switch outcome {
                        case .http1: try addHTTP1(to: channel, http, logger)
                        case .http2: try addHTTP2(to: channel, http, logger)
                        case .closed: http.succeed(nil)
                        }
                    })
            } else {
                try addHTTP1(to: channel, http, logger)
            }
            return Value(channel: channel, http: http.futureResult)
        }
    }

    private func addHTTP1(to channel: any Channel, _ http: EventLoopPromise<HTTP?>, _ logger: Logger) throws {
        let encoder = HTTPResponseEncoder()
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
        let deadline = RequestDeadline(limits: limits)
        let outcome = channel.eventLoop.makePromise(of: UpgradeHandler.Outcome.self)
        let upgrade = UpgradeHandler(
            frontDoor: frontDoor, isSecure: certificate != nil, sockets: sockets, openSockets: openSockets,
            limits: limits, logger: logger, removable: [encoder, decoder, deadline], outcome: outcome,
            addHTTP: { context in http.succeed(.one(try addHTTP(to: context.channel, logger))) })
        outcome.futureResult.whenSuccess { if $0 != .http { http.succeed(nil) } }
        try channel.pipeline.syncOperations.addHandlers(encoder, decoder, deadline, upgrade)
    }

    private func addHTTP(to channel: any Channel, _ logger: Logger) throws -> HTTPParts {
        try channel.pipeline.syncOperations.addHandlers(
            HTTP1ToHTTPServerCodec(secure: certificate != nil),
            HTTPConnectionStateHandler(idleTimeout: .nanoseconds(limits.httpIdleTime.nanoseconds), logger: logger))
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    private func addHTTP2(to channel: any Channel, _ http: EventLoopPromise<HTTP?>, _ logger: Logger) throws {
        try channel.pipeline.syncOperations.addHandlers(
            // Where a request is never answered either.
            IdleStateHandler(allTimeout: max(limits.httpIdleTime * 2, .minutes(10))), QuietConnection(limits: limits))
        http2.setup(channel: channel, logger: logger).map { .two($0) }.cascade(to: http)
    }

    /// Serves a connection's HTTP requests. Returns at once for one that is a socket from the start: the socket lives
    /// on without a task.
    package func handle(value: Value, logger: Logger) async {
        switch try? await value.http.get() {
        case .one(let parts): await handleHTTP(asyncChannel: parts, logger: logger)
        case .two(let streams): await http2.handle(value: streams, logger: logger)
        case nil: break
        }
    }
}
