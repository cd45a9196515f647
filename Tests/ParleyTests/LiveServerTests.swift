import Auth
import Chat
import Model
import Testing

@testable import parley

@Suite("The server on a real connection", .timeLimit(.minutes(5)))
struct LiveServerTests {
    private func upgrade(_ path: String, token: String) -> String {
        """
        GET \(path) HTTP/1.1
        Host: localhost
        Connection: keep-alive, Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Protocol: Bearer, \(token)


        """
    }

    private let health = "GET /api/health HTTP/1.1\nHost: localhost\n\n"

    /// What RFC 6455, section 1.3, has for this key.
    private let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    @Test("The first request of a connection becomes a socket")
    func first() async throws {
        try await LiveServer.with { server in
            let token = try await server.accessToken("titania")
            try await server.connect { connection in
                try await connection.send(upgrade("/ws", token: token))
                let response = try await connection.response()
                #expect(response.hasPrefix("HTTP/1.1 101") && response.contains(accept))
                #expect(response.contains("Sec-WebSocket-Protocol: Bearer\r\n") && !response.contains(token))
                try await connection.send(frame: 1, #"{"type":"ping","id":1}"#)
                let (opcode, text) = try #require(try await connection.frame())
                #expect(opcode == 0x81 && text.contains(#""re":1"#))
            }
        }
    }

    @Test(
        "A later request of a kept-alive connection does, too, and the frames sent with it are not lost",
        arguments: [1, 2, 5])
    func later(requestsBefore: Int) async throws {
        try await LiveServer.with { server in
            let token = try await server.accessToken("titania")
            try await server.connect { connection in
                for _ in 0..<requestsBefore {
                    try await connection.send(health)
                    #expect(try await connection.response().hasPrefix("HTTP/1.1 200"))
                }
                try await connection.send(upgrade("/ws/", token: token))
                try await connection.send(frame: 1, #"{"type":"ping","id":1}"#)
                #expect(try await connection.response().hasPrefix("HTTP/1.1 101"))
                #expect(try await connection.frame()?.1.contains(#""re":1"#) == true)
                // And it stays: nothing that is left of HTTP closes it, or holds back what comes next.
                for number in 1...5 {
                    try await connection.send(frame: 9, "\(number)")
                    let (opcode, payload) = try #require(try await connection.frame())
                    #expect(opcode == 0x8A && payload == "\(number)")
                }
                try await connection.send(frame: 8, "")
                #expect(try await connection.frame()?.0 == 0x88)
                #expect(try await connection.hasEnded)
            }
        }
    }

    @Test("One that is sent along with an ordinary request waits for its answer")
    func pipelined() async throws {
        try await LiveServer.with { server in
            let token = try await server.accessToken("titania")
            try await server.connect { connection in
                try await connection.send(health + health + upgrade("/ws", token: token))
                for _ in 0..<2 { #expect(try await connection.response().hasPrefix("HTTP/1.1 200")) }
                #expect(try await connection.response().hasPrefix("HTTP/1.1 101"))
            }
        }
    }

    @Test("An upgrade to something else is answered as the ordinary request that it also is, and then ends")
    func otherUpgrade() async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send(
                    "GET /api/health HTTP/1.1\nHost: localhost\nConnection: Upgrade\nUpgrade: h2c\n\n")
                let response = try await connection.response()
                #expect(response.hasPrefix("HTTP/1.1 200") && response.lowercased().contains("connection: close"))
                #expect(try await connection.hasEnded)
            }
        }
    }

    @Test("What is not HTTP is answered with 400 and ends")
    func notHTTP() async throws {
        try await LiveServer.with { server in
            try await server.connect { connection in
                try await connection.send("\u{16}\u{3}\u{1} hello\n\n")
                #expect(try await connection.response().hasPrefix("HTTP/1.1 400"))
                #expect(try await connection.hasEnded)
            }
        }
    }

    @Test("At its end the server closes sockets with 1001, after what was sent before has been answered")
    func goingAway() async throws {
        try await LiveServer.with { server in
            let token = try await server.accessToken("titania")
            try await server.connect { connection in
                try await connection.send(upgrade("/ws", token: token))
                _ = try await connection.response()
                await server.shutDown()
                let (opcode, payload) = try #require(try await connection.frame())
                #expect(opcode == 0x88 && payload.hasSuffix("going_away"))
            }
        }
    }

    @Test("A message goes to everybody in the room, to the sender before the acknowledgement, and to nobody else")
    func fanOut() async throws {
        try await LiveServer.with { server in
            let (titania, puck) = (try await server.accessToken("titania"), try await server.accessToken("puck"))
            let luna = try await server.accessToken("luna")
            let authenticator = server.core.authenticator
            _ = try await server.core.chat.createRoom(
                name: "Glade", by: try await authenticator.principal(accessToken: titania))
            _ = try await server.core.chat.joinRoom("glade", by: try await authenticator.principal(accessToken: puck))
            try await server.connect { one in
                try await server.connect { two in
                    try await server.connect { three in
                        for (connection, token) in [(one, titania), (two, puck), (three, luna)] {
                            try await connection.send(upgrade("/ws", token: token))
                            _ = try await connection.response()
                        }
                        try await one.send(frame: 1, #"{"type":"chat_message","id":5,"room":"glade","message":"hi"}"#)
                        #expect(try await one.frame()?.1.contains(#""type":"chat_message""#) == true)
                        #expect(try await one.frame()?.1.contains(#""re":5"#) == true)
                        #expect(try await two.frame()?.1.contains(#""text":"hi""#) == true)
                        try await three.send(frame: 1, #"{"type":"ping","id":6}"#)
                        #expect(try await three.frame()?.1.contains(#""re":6"#) == true)
                    }
                }
            }
        }
    }
}
