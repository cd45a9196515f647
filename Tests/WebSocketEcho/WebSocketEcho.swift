import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Proxy
import Realtime
import ServiceLifecycle
import UnixSignals
import Wire

/// Sends back what it gets, text and binary, for the Autobahn test suite: everything up to the session is the code that
/// the real server runs. It is in no product.
///
/// `websocket-echo PORT` listens on 127.0.0.1 until it is ended.
@main
struct WebSocketEcho {
    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 9001
        var limits = SocketLimits()
        limits.takesBinary = true
        limits.frameBytesMax = 32 * 1024 * 1024
        limits.outboundBytesMax = 64 * 1024 * 1024
        let logger = Logger(label: "echo") { _ in SwiftLogNoOpLogHandler() }
        let channel = ConnectionChannel(
            responder: { _, writer, _ in try await writer.writeResponse(.init(status: .notFound)) },
            frontDoor: try frontDoor(port, logger), sockets: EchoFactory(limits: limits),
            openSockets: OpenSockets(perAddressMax: 1000),
            connections: ConnectionLimit(max: 1000, logger: logger), limits: limits)
        let server = channel.server(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: port)),
            // Written at once: whoever started this waits for the line on a pipe.
            onServerRunning: { _ in FileHandle.standardOutput.write(Data("listening on \(port)\n".utf8)) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
    }
}

/// One that takes whatever is for this machine.
private func frontDoor(_ port: Int, _ logger: Logger) throws -> FrontDoor {
    guard let url = PublicURL("http://127.0.0.1:\(port)"), let nobody = TrustedProxies([]) else {
        throw CocoaError(.formatting)
    }
    return FrontDoor(publicURL: url, trusted: nobody, hosts: HostPolicy(publicURL: url), logger: logger)
}

private struct EchoFactory: SocketFactory {
    let limits: SocketLimits
    let sessionCookie = "none"

    func makeSocket(for request: UpgradeRequest, on eventLoop: any EventLoop, log: SocketLog) -> SocketHandler {
        let handler = SocketHandler(
            limits: limits, log: log,
            deflate: request.deflate.map { PerMessageDeflate(windowBits: $0.windowBits, bytesMin: 1) })
        handler.attach(EchoSession(handler: handler, eventLoop: eventLoop))
        return handler
    }
}

/// Event loop only.
private final class EchoSession: SocketSession {
    private let handler: SocketHandler
    private let eventLoop: any EventLoop

    init(handler: SocketHandler, eventLoop: any EventLoop) {
        self.handler = handler
        self.eventLoop = eventLoop
    }

    func admit(_ credentials: SocketCredentials?) -> EventLoopFuture<Void> { eventLoop.makeSucceededVoidFuture() }
    func opened(_ context: ChannelHandlerContext) {}
    func receive(text: ByteBuffer) { send(WireFrame.text(text)) }
    func receive(binary: ByteBuffer) { send(WireFrame.binary(binary)) }
    private func send(_ frame: ByteBuffer) { handler.send(handler.deflate?.compress(frame) ?? frame) }
    func needsFlush() { handler.flush() }
    func quiesce() { handler.close(.goingAway) }
    func leave() {}
}
