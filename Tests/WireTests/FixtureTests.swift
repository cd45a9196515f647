import Foundation
import Model
import NIOCore
import Testing

@testable import Wire

/// The examples of docs/protocol.md that the web client's tests read as well.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let isFromClient: Bool
    let bytes: ByteBuffer
    let frame: JSONValue?
    let socketRoom: String?
    let isValid: Bool
    let code: String?

    var testDescription: String { name }

    static let all: [Fixture] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/wire").standardized
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.sorted().compactMap { try? Fixture(folder.appendingPathComponent($0)) }
    }()

    private init(_ url: URL) throws {
        struct Contents: Decodable {
            let name: String
            let direction: String
            let frame: JSONValue?
            let bytes: String?
            let socketRoom: String?
            let valid: Bool
            let code: String?
        }
        let data = try Data(contentsOf: url)
        let contents = try JSONDecoder().decode(Contents.self, from: data)
        name = contents.name
        isFromClient = contents.direction == "client"
        frame = contents.frame
        socketRoom = contents.socketRoom
        isValid = contents.valid
        code = contents.code
        if let text = contents.bytes {
            bytes = ByteBuffer(string: text)
        } else {
            let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            bytes = ByteBuffer(bytes: try JSONSerialization.data(withJSONObject: object?["frame"] ?? [:]))
        }
    }
}

@Suite("The examples of the protocol")
struct FixtureTests {
    @Test("are there")
    func exist() {
        #expect(Fixture.all.count >= 32)
    }

    @Test("of good client frames are understood", arguments: Fixture.all.filter { $0.isFromClient && $0.isValid })
    func goodClientFrames(fixture: Fixture) throws {
        let frame = try ClientFrame(decoding: fixture.bytes, room: fixture.socketRoom)
        guard case .object(let fields) = fixture.frame, case .string(let type) = fields["type"] else {
            Issue.record("a good frame is an object with a type")
            return
        }
        switch frame.body {
        case .command(.sendMessage(let room, let text, let clientId)):
            #expect(type == "chat_message")
            #expect(fields["message"] == .string(text))
            #expect(room == fixture.socketRoom ?? "lobby")
            #expect(fields["clientId"] == clientId.map(JSONValue.string))
        case .command(.markRead(let room, let seq)):
            #expect(type == "read" && room == "lobby" && seq == 12)
        case .resume(let room, let position):
            #expect(type == "resume" && room == "lobby")
            #expect(position == StreamPosition(epoch: Epoch(text: "k3Jx9QmW"), seq: 12))
        case .typing(let room, let isActive):
            #expect(type == "typing" && room == "lobby")
            #expect(fields["active"].map { $0 == .bool(isActive) } ?? isActive)
        case .authenticate(let token):
            #expect(type == "authenticate" && fields["token"] == .string(token))
        case .ping:
            #expect(type == "ping" && frame.id == .number(4))
        }
    }

    @Test(
        "of bad client frames are refused with their code",
        arguments: Fixture.all.filter { $0.isFromClient && !$0.isValid })
    func badClientFrames(fixture: Fixture) {
        #expect {
            try ClientFrame(decoding: fixture.bytes, room: fixture.socketRoom)
        } throws: { error in
            (error as? ClientFrameError)?.error.code.rawValue == fixture.code
        }
    }

    @Test("of server frames are what the server sends", arguments: Fixture.all.filter { !$0.isFromClient })
    func serverFrames(fixture: Fixture) throws {
        let frame = try #require(Self.serverFrames[fixture.name], "no server frame for this example")
        var framed = frame.framed()
        framed.moveReaderIndex(forwardBy: framed.readableBytes < 128 ? 2 : 4)
        let sent = try JSONDecoder().decode(JSONValue.self, from: Data(framed.readableBytesView))
        #expect(sent == fixture.frame)
    }

    private static let message = Message(
        seq: 7, sender: Person(username: "titania", name: "Titania Moonweaver"), text: "Hello",
        sentAt: Timestamp(milliseconds: 1_767_323_045_678), clientId: "c-1")

    private static func room(
        _ slug: String, _ name: String, _ topic: String, _ kind: RoomKind, _ members: [Person]? = nil
    ) -> RoomView {
        RoomView(
            ref: RoomRef(id: RoomID(rawValue: 1), slug: slug), name: name, topic: topic, kind: kind, isMember: true,
            epoch: Epoch(text: "k3Jx9QmW"), lastSeq: 12, readSeq: 10, members: members)
    }

    /// What the server sends in the situation that an example is named after.
    private static let serverFrames: [String: ServerFrame] = [
        "a message": .chatMessage(room: "lobby", message),
        "a message whose stored bytes are damaged": .chatMessage(
            room: "lobby",
            Message(
                seq: 7, sender: message.sender, text: "", sentAt: message.sentAt, clientId: nil, isUnreadable: true)),
        "a message was stored": .ok(re: .number(1), CommandResult(room: "lobby", seq: 7)),
        "a ping was answered": .ok(re: .text("a-1"), nil),
        "a message was refused": .error(re: .number(1), ChatError(.textEmpty, "A message needs some text.")),
        "a frame that could not be read was refused": .error(re: nil, .storageUnavailable),
        "the read position moved": .read(room: "lobby", seq: 12),
        "the missed messages were sent": .resumed(
            re: .number(5), room: "lobby", StreamPosition(epoch: Epoch(text: "k3Jx9QmW"), seq: 12), mustReload: false),
        "the room must be loaded anew": .resumed(
            re: .number(5), room: "lobby", StreamPosition(epoch: Epoch(text: "k3Jx9QmW"), seq: 12), mustReload: true),
        "somebody writes": .typing(room: "lobby", message.sender, isActive: true, lasting: Seconds(6)),
        "somebody is called otherwise": .person(
            PersonChange(
                user: UserID(rawValue: 3), username: "titania", person: message.sender,
                status: PersonStatus(emoji: "🌴", text: "On holiday", until: message.sentAt))),
        "somebody's account was deleted, with what they wrote": .person(
            PersonChange(
                user: UserID(rawValue: 3), username: "titania",
                person: Person(username: "_deleted-3", name: "Deleted person"), status: nil, hasLostMessages: true)),
        "somebody came": .presence(message.sender, isOnline: true),
        "a room was joined": .roomJoined(room("lobby", "Lobby", "Say hello", .public)),
        "a direct room was opened": .roomJoined(
            room(
                "direct-1", "Puck Trickfoot", "", .direct,
                [
                    Person(username: "puck", name: "Puck Trickfoot"),
                    Person(username: "titania", name: "Titania Moonweaver"),
                ])),
        "a room was left": .roomLeft(room: "lobby"),
        "somebody was sent out": .roomLeft(room: "lobby", .kicked),
        "somebody was banned": .roomLeft(room: "lobby", .banned(Restriction(until: message.sentAt))),
        "a room was changed": .roomChanged(
            room: "lobby",
            RoomHead(
                name: "Lobby", topic: "Say hello", kind: .public, pace: RoomPace(slow: Seconds(10), isLocked: true))),
        "somebody was made a moderator": .placeChanged(
            room: "lobby",
            OwnPlace(
                role: .moderator,
                permissions: RoomStanding(kind: .public, server: .member, room: .moderator).permissions, muted: nil)),
        "somebody was muted": .placeChanged(
            room: "lobby", OwnPlace(role: .member, permissions: [], muted: Restriction(until: message.sentAt))),
        "a message that was removed": .chatMessage(
            room: "lobby",
            Message(
                seq: 7, sender: message.sender, text: "", sentAt: message.sentAt, clientId: "c-1", removed: .moderator)),
        "a message was removed": .chatMessage(
            room: "lobby",
            Message(seq: 8, sender: message.sender, text: "", sentAt: message.sentAt, clientId: nil, removes: 7)),
        "an event stream ends": .close(.sessionEnded),
    ]
}
