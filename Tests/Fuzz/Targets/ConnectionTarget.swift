import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Proxy
import Realtime
import Wire

/// A connection that asks for a socket gets one HTTP response, whatever its headers are: 101 and then frames, or a
/// refusal after which it ends. Nothing of what the client sent becomes a header.
///
/// Input: a byte that tells in which pieces the rest is read, and what the client sends.
enum ConnectionTarget {
    private static let cookie = "parley_session"
    private static let headerNames: Set<String> = [
        "upgrade", "connection", "sec-websocket-accept", "sec-websocket-protocol", "sec-websocket-version",
        "content-type", "content-length", "cache-control", "www-authenticate",
    ]

    static func run(_ input: [UInt8]) throws(Violation) {
        guard let first = input.first else { return }
        let bytes = ByteBuffer(bytes: input.dropFirst())
        // Ordinary requests are Hummingbird's, and need tasks.
        guard let head = head(of: bytes), let request = UpgradeRequest(head, path: head.uri, sessionCookie: cookie)
        else { return }
        try check(request)
        try upgrade(bytes, pieces: first == 0 ? bytes.readableBytes : Int(first), fault: try handshakeFault(head))
    }

    private static func handshakeFault(_ head: HTTPRequestHead) throws(Violation) -> Bool {
        let door = try frontDoor()
        let visitor = door.visitor(peer: .unix, isSecure: false, ForwardedHeaders { head.headers[$0] })
        return head.headers["host"].count > 1 || UpgradeRequest.handshakeFault(head.headers) != nil
            || door.fault(target: head.uri, host: head.headers["host"].first, visitor: visitor) != nil
    }

    /// Of a server at http://localhost.
    private static func frontDoor() throws(Violation) -> FrontDoor {
        guard let url = PublicURL("http://localhost"), let loopback = TrustedProxies(["loopback"]) else {
            throw Violation("settings that are not read")
        }
        return FrontDoor(
            publicURL: url, trusted: loopback, hosts: HostPolicy(publicURL: url),
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
    }

    private static func head(of bytes: ByteBuffer) -> HTTPRequestHead? {
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
        let channel = EmbeddedChannel(handler: decoder)
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        // A bad request may follow a good head.
        _ = try? channel.writeInbound(bytes)
        guard case .head(let head) = try? channel.readInbound(as: HTTPServerRequestPart.self) else { return nil }
        return head
    }

    private static func check(_ request: UpgradeRequest) throws(Violation) {
        if let room = request.room {
            try require(!room.isEmpty && !room.contains("/") && !room.contains("?"), "a room called \(room)")
        }
        guard let subprotocol = request.subprotocol else { return }
        try require(subprotocol == "Bearer", "the subprotocol \(subprotocol)")
        guard case .accessToken = request.credentials else { throw Violation("Bearer without a token") }
    }

    private static func upgrade(_ bytes: ByteBuffer, pieces: Int, fault: Bool) throws(Violation) {
        let sockets = Doubles()
        let wire = WireEnd()
        let channel = EmbeddedChannel()
        let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        let connection = ConnectionChannel(
            responder: { _, _, _ in }, frontDoor: try frontDoor(), sockets: sockets,
            openSockets: OpenSockets(perAddressMax: 1),
            connections: ConnectionLimit(max: 1, logger: logger), limits: SocketTarget.limits)
        try expected {
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/fuzz")).wait()
            try channel.pipeline.syncOperations.addHandler(wire)
            _ = try connection.setup(channel: channel, logger: logger).wait()
        }
        var rest = bytes
        while channel.isActive, rest.readableBytes > 0 {
            guard let piece = rest.readSlice(length: min(max(pieces, 1), rest.readableBytes)) else { break }
            // A body that is not HTTP is an error that goes through to the end.
            _ = try? channel.writeInbound(piece)
            channel.embeddedEventLoop.run()
        }
        // Past every time limit: a connection is a socket by now, or over.
        channel.embeddedEventLoop.advanceTime(by: .seconds(100))
        let session = sockets.session.value
        if let violation = session?.violation { throw violation }
        let isSocket = try checkResponse(wire.takeWritten(), fault: fault)
        try require(isSocket || !channel.isActive, "neither a socket nor over")
        try require(session?.isOpen ?? false || !isSocket, "a socket without a session")
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    /// - Returns: whether it is a socket now.
    private static func checkResponse(_ bytes: ByteBuffer, fault: Bool) throws(Violation) -> Bool {
        // Where the request never ended there is no answer.
        guard bytes.readableBytes > 0 else { return false }
        let text = Array(bytes.readableBytesView)
        guard let end = text.firstRange(of: Array("\r\n\r\n".utf8)) else { throw Violation("half a response") }
        let lines = String(decoding: text[..<end.lowerBound], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            let name = parts.first.map { $0.lowercased() } ?? ""
            try require(headerNames.contains(name) && headers[name] == nil, "a header that is not ours: \(line)")
            headers[name] = parts.last?.drop { $0 == " " }.description
        }
        let body = ByteBuffer(bytes: text[end.upperBound...])
        let protocolAnswered = headers["sec-websocket-protocol"]
        try require(protocolAnswered == nil || protocolAnswered == "Bearer", "the subprotocol \(lines)")
        guard lines[0] == "HTTP/1.1 101 Switching Protocols" else {
            let length = headers["content-length"].flatMap { Int($0) }
            try require(length == body.readableBytes, "a refusal of another length: \(lines)")
            try require(headers["connection"] == "close", "a refusal without an end: \(lines)")
            return false
        }
        try require(!fault, "a socket after a bad handshake")
        var frames = ServerBytes()
        try frames.check(body)
        return true
    }

    /// Makes one session, on the test's own thread.
    private struct Doubles: SocketFactory {
        let sessionCookie = ConnectionTarget.cookie
        let session = NIOLoopBoundBox<SessionDouble?>.makeEmptyBox(
            valueType: SessionDouble.self, eventLoop: EmbeddedEventLoop())

        func makeSocket(
            for request: UpgradeRequest, on eventLoop: any EventLoop, log: SocketLog
        ) -> SocketHandler {
            let handler = SocketHandler(limits: SocketTarget.limits, log: log)
            let double = SessionDouble(handler: handler, limits: SocketTarget.limits, on: eventLoop)
            handler.attach(double)
            session.value = double
            return handler
        }
    }
}
