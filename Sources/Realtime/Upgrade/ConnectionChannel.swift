import HTTPTypes
package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Proxy

/// What each accepted connection is set up as: HTTP/1.1, which may become a socket. This is Hummingbird's seam for
/// servers of one's own.
package struct ConnectionChannel: HTTPChannelHandler {
    package let responder: Responder
    private let frontDoor: FrontDoor
    private let sockets: any SocketFactory
    private let openSockets: OpenSockets
    private let connections: ConnectionLimit
    private let limits: SocketLimits

    /// - Parameters:
    ///   - responder: answers ordinary requests.
    ///   - frontDoor: what each request for a socket passes first. For ordinary ones the responder sees to that.
    ///   - sockets: makes what sockets are for.
    ///   - openSockets: told of each socket, so that the server's end can wait for theirs.
    package init(
        responder: @escaping Responder, frontDoor: FrontDoor, sockets: any SocketFactory, openSockets: OpenSockets,
        connections: ConnectionLimit, limits: SocketLimits
    ) {
        self.responder = Self.belowPath(of: frontDoor, responder)
        self.frontDoor = frontDoor
        self.sockets = sockets
        self.openSockets = openSockets
        self.connections = connections
        self.limits = limits
    }

    /// Takes off what the public URL has in front of all paths, before the router goes by them.
    private static func belowPath(of frontDoor: FrontDoor, _ responder: @escaping Responder) -> Responder {
        guard !frontDoor.publicURL.path.isEmpty else { return responder }
        return { request, writer, channel in
            var head = request.head
            head.path = head.path.map { frontDoor.localPath($0) }
            try await responder(Request(head: head, body: request.body), writer, channel)
        }
    }

    package struct Value: ServerChildChannelValue {
        package let channel: any Channel
        fileprivate let http: EventLoopFuture<HTTPParts?>
    }

    fileprivate typealias HTTPParts = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard connections.admit(channel) else {
            return channel.eventLoop.makeSucceededFuture(
                Value(channel: channel, http: channel.eventLoop.makeSucceededFuture(nil)))
        }
        return channel.eventLoop.makeCompletedFuture {
            // A channel keeps the buffer it reads into, and NIO's own choice is 2 KiB: a third of an idle socket.
            try channel.syncOptions?.setOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 65_536))
            let encoder = HTTPResponseEncoder()
            let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
            let deadline = RequestDeadline(limits: limits)
            let outcome = channel.eventLoop.makePromise(of: UpgradeHandler.Outcome.self)
            let http = channel.eventLoop.makePromise(of: HTTPParts?.self)
            let upgrade = UpgradeHandler(
                frontDoor: frontDoor, sockets: sockets, openSockets: openSockets, limits: limits, logger: logger,
                removable: [encoder, decoder, deadline], outcome: outcome,
                addHTTP: { context in http.succeed(try addHTTP(to: context.channel, logger)) })
            outcome.futureResult.whenSuccess { if $0 != .http { http.succeed(nil) } }
            try channel.pipeline.syncOperations.addHandlers(
                PreambleHandler(frontDoor: frontDoor), encoder, decoder, deadline, upgrade)
            return Value(channel: channel, http: http.futureResult)
        }
    }

    private func addHTTP(to channel: any Channel, _ logger: Logger) throws -> HTTPParts {
        try channel.pipeline.syncOperations.addHandlers(
            HTTP1ToHTTPServerCodec(secure: false),
            HTTPConnectionStateHandler(idleTimeout: .nanoseconds(limits.httpIdleTime.nanoseconds), logger: logger))
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    /// Serves a connection's HTTP requests. Returns at once for one that is a socket from the start: the socket lives
    /// on without a task.
    package func handle(value: Value, logger: Logger) async {
        guard let parts = try? await value.http.get() else { return }
        await handleHTTP(asyncChannel: parts, logger: logger)
    }
}
