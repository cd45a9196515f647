import Auth
import Chat
import Foundation
import Model
import Testing

@testable import parley

@Suite("A client that comes back", .timeLimit(.minutes(5)))
struct ResumeTests {
    private struct Frame: Decodable {
        let type: String
        let seq: Int64?
        let epoch: String?
        let reload: Bool?
        let code: String?
    }

    private func upgrade(_ token: String) -> String {
        """
        GET /ws HTTP/1.1
        Host: localhost
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Authorization: Bearer \(token)


        """
    }

    /// Frames up to and with one of this type.
    private func frames(_ connection: RawConnection, until type: String) async throws -> [Frame] {
        var frames: [Frame] = []
        while let (_, text) = try await connection.frame() {
            frames.append(try JSONDecoder().decode(Frame.self, from: Data(text.utf8)))
            if frames.last?.type == type { break }
        }
        return frames
    }

    private func withRoom(
        _ messages: Int,
        _ body: @escaping @Sendable (LiveServer, Principal, RawConnection, RoomView) async throws -> Void
    ) async throws {
        try await LiveServer.with { server in
            let token = try await server.accessToken("titania")
            let principal = try await server.core.authenticator.principal(accessToken: token)
            let room = try await server.core.chat.createRoom(name: "Glade", by: principal)
            for number in 0..<messages {
                _ = try await server.core.chat.sendMessage(
                    to: "glade", text: "\(number)", clientId: nil, from: principal)
            }
            try await server.connect { connection in
                try await connection.send(upgrade(token))
                _ = try await connection.response()
                try await body(server, principal, connection, room)
            }
        }
    }

    @Test("Gets what it missed, in order, then the answer, then what is said from now on")
    func missed() async throws {
        try await withRoom(5) { server, principal, connection, room in
            try await connection.send(
                frame: 1, #"{"type":"resume","id":1,"room":"glade","epoch":"\#(room.epoch.text)","seq":2}"#)
            let got = try await frames(connection, until: "resumed")
            #expect(got.map(\.type) == ["chat_message", "chat_message", "chat_message", "resumed"])
            #expect(got.compactMap(\.seq) == [3, 4, 5, 5])
            #expect(got.last?.reload == false && got.last?.epoch == room.epoch.text)
            _ = try await server.core.chat.sendMessage(to: "glade", text: "six", clientId: nil, from: principal)
            #expect(try await frames(connection, until: "chat_message").map(\.seq) == [6])
        }
    }

    @Test("Gets each message once and in order, also those that are sent while it resumes")
    func underWay() async throws {
        try await withRoom(100) { server, principal, connection, room in
            let chat = server.core.chat
            let sending = Task {
                for number in 0..<200 {
                    _ = try await chat.sendMessage(to: "glade", text: "\(number)", clientId: nil, from: principal)
                }
            }
            for _ in 0..<5 {
                try await connection.send(
                    frame: 1, #"{"type":"resume","id":1,"room":"glade","epoch":"\#(room.epoch.text)","seq":0}"#)
                // What came live before the server knew of the resume does not count.
                let seqs = try await frames(connection, until: "resumed").compactMap(\.seq).drop { $0 != 1 }
                #expect(Array(seqs.dropLast()) == Array(1...(seqs.last ?? 0)))
                var last = seqs.last ?? 0
                for _ in 0..<5 where last < 300 {
                    let seq = try await frames(connection, until: "chat_message").last?.seq
                    #expect(seq == last + 1)
                    last = seq ?? 300
                }
            }
            try await sending.value
        }
    }

    @Test("Is told to reload where its epoch is another or it is ahead, and gets no messages")
    func reload() async throws {
        try await withRoom(3) { _, _, connection, room in
            for position in [#""epoch":"other","seq":1"#, #""epoch":"\#(room.epoch.text)","seq":4"#] {
                try await connection.send(frame: 1, #"{"type":"resume","id":1,"room":"glade",\#(position)}"#)
                let got = try await frames(connection, until: "resumed")
                #expect(got.map(\.type) == ["resumed"])
                #expect(got.last?.reload == true && got.last?.seq == 3)
            }
        }
    }

    @Test("Gets nothing of a room that is not its own")
    func stranger() async throws {
        try await withRoom(3) { server, _, connection, room in
            _ = try await server.core.authenticator.register(username: "puck", name: nil, password: "faerie123")
            try await connection.send(
                frame: 1, #"{"type":"resume","id":1,"room":"nowhere","epoch":"\#(room.epoch.text)","seq":0}"#)
            #expect(try await frames(connection, until: "error").map(\.code) == ["room_not_found"])
        }
    }
}
