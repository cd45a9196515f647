import Logging
import Model
import NIOCore
import Proxy

/// Looks at a connection's first bytes, and leaves: whom a proxy speaks for (PROXY protocol), where that is turned on; and
/// what is not spoken here, so that the log can say in plain words what a proxy was set up to do.
///
/// Event loop only.
final class PreambleHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What a client's first record of TLS begins with.
    private static let tlsHandshake: UInt8 = 0x16

    private let frontDoor: FrontDoor
    private let expectsTLS: Bool
    private var received = ByteBuffer()
    private var isOver = false

    /// - Parameter expectsTLS: whether TLS has to begin, after whatever a proxy says first.
    init(frontDoor: FrontDoor, expectsTLS: Bool) {
        self.frontDoor = frontDoor
        self.expectsTLS = expectsTLS
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        received.writeImmutableBuffer(unwrapInboundIn(data))
        let bytes = Array(received.readableBytesView.prefix(ProxyPreamble.bytesMax))
        let peer = Peer(of: context.channel)
        // Whoever is not trusted could claim to be anybody.
        let isExpected = frontDoor.expectsPreamble && frontDoor.resolver.trusted.trusts(peer)
        switch ProxyPreamble(bytes) {
        case .incomplete: break
        case .absent where isExpected:
            refuse(PreambleFault.missing.rawValue, context)
        case .absent where bytes.first == Self.tlsHandshake && !expectsTLS:
            refuse("TLS was spoken to a port for plain HTTP: let the proxy use http:// towards this server.", context)
        case .absent where bytes.first != Self.tlsHandshake && expectsTLS:
            refuse(PreambleFault.plainToTLS.rawValue, context)
        case .absent: pass(context)
        case .present(let source, let length) where isExpected:
            if let source { frontDoor.peers.set(.address(source), of: context.channel) }
            received.moveReaderIndex(forwardBy: length)
            pass(context)
        case .present, .malformed:
            refuse(
                frontDoor.expectsPreamble
                    ? "The PROXY protocol came from \(peer), which is not in trusted-proxies, or could not be read."
                    : PreambleFault.unexpected.rawValue,
                context)
        }
    }

    private func pass(_ context: ChannelHandlerContext) {
        isOver = true
        if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
        received = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    /// Whoever spoke so may understand HTTP all the same; it goes out as it is, below all encoders.
    private func refuse(_ sentence: String, _ context: ChannelHandlerContext) {
        isOver = true
        received = ByteBuffer()
        frontDoor.noticePreamble(sentence, from: Peer(of: context.channel))
        let text = sentence + "\n"
        let answer = ByteBuffer(
            string: """
                HTTP/1.1 400 Bad Request\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: \(text.utf8.count)\r
                Connection: close\r
                \r
                \(text)
                """)
        context.writeAndFlush(NIOAny(answer)).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }
}
