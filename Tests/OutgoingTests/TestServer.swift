import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A real HTTP server on loopback, for one test.
final class TestServer: Sendable {
    struct Asked: Sendable {
        let head: HTTPRequestHead
        let body: String
    }

    struct Answer: Sendable {
        var status = HTTPResponseStatus.ok
        var headers: [(String, String)] = []
        var body = ""
        /// It never comes.
        var isMissing = false
    }

    private let answer: @Sendable (Asked) -> Answer
    private let seen = Mutex<[Asked]>([])
    private let connections = Mutex(0)
    private let channel = Mutex<(any Channel)?>(nil)
    /// One for each connection that the other side has ended.
    let ended: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation
    let asking: AsyncStream<Void>
    private let ask: AsyncStream<Void>.Continuation

    var asked: [Asked] { seen.withLock { $0 } }
    var connectionCount: Int { connections.withLock { $0 } }
    var port: Int { channel.withLock { $0?.localAddress?.port } ?? 0 }

    private init(_ answer: @escaping @Sendable (Asked) -> Answer) {
        self.answer = answer
        (ended, end) = AsyncStream.makeStream()
        (asking, ask) = AsyncStream.makeStream()
    }

    static func with(
        host: String = "127.0.0.1", tls: NIOSSLContext? = nil, _ answer: @escaping @Sendable (Asked) -> Answer,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let server = TestServer(answer)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                server.connections.withLock { $0 += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(Handler(server: server))
                }
            }
            .bind(host: host, port: 0).get()
        server.channel.withLock { $0 = channel }
        do {
            try await body(server)
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let server: TestServer
        private var head: HTTPRequestHead?
        private var body = ""

        init(server: TestServer) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body(let bytes): body += String(buffer: bytes)
            case .end: respond(context)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            server.end.yield()
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func respond(_ context: ChannelHandlerContext) {
            guard let head else { return }
            let asked = Asked(head: head, body: body)
            server.seen.withLock { $0.append(asked) }
            server.ask.yield()
            let answer = server.answer(asked)
            guard !answer.isMissing else { return }
            var headers = HTTPHeaders(answer.headers)
            headers.add(name: "Content-Length", value: "\(answer.body.utf8.count)")
            context.write(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))),
                promise: nil)
            if head.method != .HEAD {
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
            }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
