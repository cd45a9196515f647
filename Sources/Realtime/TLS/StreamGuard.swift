import HTTPTypes
import Model
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Holds a request of HTTP/2 to what those of HTTP/1.1 are held to, and keeps what belongs to HTTP/1.1 alone out of its
/// answer. Event loop only.
final class StreamGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var isRefused = false

    /// What is about a connection, which a stream is not (RFC 9113, section 8.2.2).
    private static let connectionFields = ["connection", "keep-alive", "transfer-encoding", "upgrade"]
        .compactMap { HTTPField.Name($0) }
    private static let host = HTTPField.Name("host")

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        let hosts = Self.host.map { head.headerFields[values: $0] } ?? []
        // Both say the same, or one of them says it (RFC 9113, section 8.3.1).
        let names = Set(hosts + (head.authority.map { [$0] } ?? []))
        if let ambiguity = FrontDoor.ambiguity(target: head.path ?? "", hosts: Array(names)) {
            return refuse(ambiguity, context)
        }
        head.authority = names.first
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        for name in Self.connectionFields { head.headerFields[name] = nil }
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    private func refuse(_ error: ChatError, _ context: ChannelHandlerContext) {
        isRefused = true
        let refusal = UpgradeRefusal(error)
        var head = HTTPResponse(
            status: .init(code: Int(refusal.status.code)),
            headerFields: HTTPFields(refusal.headers, splitCookie: false))
        for name in Self.connectionFields { head.headerFields[name] = nil }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(refusal.body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}
