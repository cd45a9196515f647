import NIOHTTP1
import Realtime
import Testing

@Suite("A request for a socket")
struct UpgradeRequestTests {
    private static let upgrade: [(String, String)] = [("Connection", "Upgrade"), ("Upgrade", "websocket")]

    private func request(
        _ uri: String, _ headers: [(String, String)] = UpgradeRequestTests.upgrade, method: HTTPMethod = .GET
    ) -> UpgradeRequest? {
        UpgradeRequest(
            HTTPRequestHead(version: .http1_1, method: method, uri: uri, headers: HTTPHeaders(headers)),
            path: uri, sessionCookie: "parley_session")
    }

    @Test(
        "is told by its address, with and without the slash",
        arguments: [
            ("/ws", nil), ("/ws/", nil), ("/ws?ticket=x", nil), ("/ws/chat/lobby", "lobby"),
            ("/ws/chat/lobby/", "lobby"),
            ("/ws/chat/lobby/?token=x", "lobby"),
        ] as [(String, String?)])
    func addresses(uri: String, room: String?) throws {
        #expect(try #require(request(uri)).room == room)
    }

    @Test(
        "is none at any other address",
        arguments: ["/", "/wss", "/ws/x", "/ws/chat", "/ws/chat//", "/ws/chat/a/b", "/WS", "//ws"])
    func otherAddresses(uri: String) {
        #expect(request(uri) == nil)
    }

    @Test(
        "is told by its headers, in any case and beside other values",
        arguments: [
            ([("connection", "upgrade"), ("upgrade", "WebSocket")], true),
            ([("Connection", "keep-alive, Upgrade"), ("Upgrade", "websocket")], true),
            ([("Connection", "keep-alive"), ("Connection", "Upgrade"), ("Upgrade", "websocket")], true),
            ([("Connection", "Upgrade"), ("Upgrade", "h2c, websocket")], true),
            ([("Connection", "upgrade")], false), ([("Upgrade", "websocket")], false),
            ([("Connection", "upgrade"), ("Upgrade", "h2c")], false),
            ([("Connection", "close"), ("Upgrade", "websocket")], false),
        ] as [([(String, String)], Bool)])
    func headers(headers: [(String, String)], isOne: Bool) {
        #expect((request("/ws", headers) != nil) == isOne)
    }

    @Test("is a GET")
    func method() {
        #expect(request("/ws", method: .POST) == nil)
    }

    @Test(
        "brings its credentials in one of these ways, and the first counts",
        arguments: [
            ([("Sec-WebSocket-Protocol", "Bearer, tok")], "/ws", SocketCredentials.accessToken("tok")),
            ([("Sec-WebSocket-Protocol", "Bearer"), ("Sec-WebSocket-Protocol", "tok")], "/ws", .accessToken("tok")),
            ([("Sec-WebSocket-Protocol", "Bearer, ")], "/ws", .accessToken("")),
            ([("Sec-WebSocket-Protocol", "Bearer")], "/ws", .accessToken("")),
            ([("Authorization", "Bearer tok")], "/ws", .accessToken("tok")),
            ([("Authorization", "Bearer")], "/ws", .accessToken("")),
            ([("Authorization", "Basic dTpw")], "/ws", nil),
            ([], "/ws?ticket=abc", .ticket("abc")), ([], "/ws/?token=abc", .queryToken("abc")),
            (
                [("Cookie", "a=b; parley_session=tok"), ("Origin", "https://x.example")], "/ws",
                .sessionCookie("tok", origin: "https://x.example")
            ),
            ([("Cookie", "parley_session=tok")], "/ws", .sessionCookie("tok", origin: nil)),
            ([("Cookie", "__cf_bm=x; xparley_session=y")], "/ws", nil),
            (
                [("Cookie", "parley_session=c"), ("Sec-WebSocket-Protocol", "Bearer, tok")], "/ws?ticket=x",
                .accessToken("tok")
            ),
            ([("Sec-WebSocket-Protocol", "chat.v1")], "/ws", nil), ([], "/ws", nil),
        ] as [([(String, String)], String, SocketCredentials?)])
    func credentials(headers: [(String, String)], uri: String, credentials: SocketCredentials?) throws {
        #expect(try #require(request(uri, Self.upgrade + headers)).credentials == credentials)
    }

    @Test("is answered with Bearer alone, and only where Bearer was offered")
    func subprotocol() throws {
        #expect(
            try #require(request("/ws", Self.upgrade + [("Sec-WebSocket-Protocol", "Bearer, tok")])).subprotocol
                == "Bearer")
        #expect(try #require(request("/ws", Self.upgrade + [("Sec-WebSocket-Protocol", "chat")])).subprotocol == nil)
        #expect(try #require(request("/ws")).subprotocol == nil)
    }

    @Test("by wscat with a header of its own is not answered, since that client gives up on an answer")
    func wscatWithHeader() throws {
        let extensions = ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")
        let asHeader = Self.upgrade + [extensions, ("Sec-WebSocket-Protocol", "Bearer, tok")]
        #expect(try #require(request("/ws", asHeader)).subprotocol == nil)
        let asOption = Self.upgrade + [extensions, ("Sec-WebSocket-Protocol", "Bearer,tok")]
        #expect(try #require(request("/ws", asOption)).subprotocol == "Bearer")
        #expect(try #require(request("/ws", asHeader + [("Origin", "http://localhost")])).subprotocol == "Bearer")
    }

    @Test("has version 13 and a key of 16 bytes")
    func handshake() {
        let key = ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(UpgradeRequest.handshakeFault(HTTPHeaders([key, ("Sec-WebSocket-Version", "13")])) == nil)
        #expect(UpgradeRequest.handshakeFault(HTTPHeaders([key, ("Sec-WebSocket-Version", "8")])) == .version)
        #expect(UpgradeRequest.handshakeFault(HTTPHeaders([key])) == .version)
        #expect(UpgradeRequest.handshakeFault(HTTPHeaders([("Sec-WebSocket-Version", "13")])) == .key)
        #expect(
            UpgradeRequest.handshakeFault(
                HTTPHeaders([("Sec-WebSocket-Key", "short"), ("Sec-WebSocket-Version", "13")]))
                == .key)
        #expect(UpgradeRequest.handshakeFault(HTTPHeaders([key, key, ("Sec-WebSocket-Version", "13")])) == .key)
    }
}
