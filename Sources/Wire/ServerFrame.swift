import Foundation
package import Model
package import NIOCore

/// One frame to a client (docs/protocol.md, "What the server sends").
package enum ServerFrame: Sendable {
    case ok(re: FrameID?, CommandResult?)
    case error(re: FrameID?, ChatError)
    case chatMessage(room: String, Message)
    case read(room: String, seq: Seq)
    case resumed(re: FrameID?, room: String, StreamPosition, mustReload: Bool)
    case typing(room: String, Person, isActive: Bool, lasting: Seconds)
    case presence(Person, isOnline: Bool)
    case person(PersonChange)
    case roomJoined(RoomView)
    case roomLeft(room: String, RoomExit = .choice)
    case roomChanged(room: String, RoomHead)
    case placeChanged(room: String, OwnPlace)
    /// The last one of an event stream, where a WebSocket has its close frame.
    case close(CloseCode)

    /// The frame's JSON with its WebSocket header before it, ready for the socket.
    package func framed() -> ByteBuffer {
        var writer = JSONWriter()
        writer.object(write)
        return WireFrame.text(writer.bytes)
    }

    private func write(_ writer: inout JSONWriter) {
        switch self {
        case .ok(let re, let result):
            writer.field("type", "ok")
            writer.field("re", re)
            if let result {
                writer.field("room", result.room)
                writer.field("seq", result.seq)
            }
        case .error(let re, let error):
            writer.field("type", "error")
            writer.field("re", re)
            writer.field("code", error.code.rawValue)
            writer.field("message", error.message)
            writer.field("temporary", error.isTemporary)
        case .chatMessage(let room, let message):
            writer.field("type", "chat_message")
            writer.field("room", room)
            writer.field("seq", message.seq)
            writer.field("message", message)
        case .read(let room, let seq):
            writer.field("type", "read")
            writer.field("room", room)
            writer.field("seq", seq)
        case .resumed(let re, let room, let position, let mustReload):
            writer.field("type", "resumed")
            writer.field("re", re)
            writer.field("room", room)
            writer.field("epoch", position.epoch.text)
            writer.field("seq", position.seq)
            writer.field("reload", mustReload)
        case .typing(let room, let person, let isActive, let seconds):
            writer.field("type", "typing")
            writer.field("room", room)
            writer.field("user", person)
            writer.field("active", isActive)
            writer.field("seconds", seconds.count)
        case .presence(let person, let isOnline):
            writer.field("type", "presence")
            writer.field("user", person)
            writer.field("online", isOnline)
        case .person(let change):
            writer.field("type", "person")
            writer.field("username", change.username)
            writer.field("person", change.person)
            writer.field("status", change.status)
            if change.hasLostMessages { writer.field("erased", true) }
        case .roomJoined(let room):
            writer.field("type", "room_joined")
            writer.field("room", room)
        case .roomLeft(let room, let exit):
            writer.field("type", "room_left")
            writer.field("room", room)
            writer.field(exit)
        case .roomChanged(let room, let head):
            writer.field("type", "room_changed")
            writer.field("room", room)
            writer.field("name", head.name)
            writer.field("topic", head.topic)
            writer.field("kind", head.kind.rawValue)
            writer.field("slowSeconds", head.pace.slow.count)
            writer.field("isLocked", head.pace.isLocked)
            writer.field("isAnnouncement", head.pace.isAnnouncement)
        case .placeChanged(let room, let place):
            writer.field("type", "place_changed")
            writer.field("room", room)
            writer.field("role", place.role.rawValue)
            writer.field("permissions", place.permissions.map(\.rawValue).sorted())
            writer.field("muted", place.muted)
        case .close(let code):
            writer.field("type", "close")
            writer.field("code", Int64(code.rawValue))
            writer.field("reason", code.name)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func field(_ name: StaticString, _ id: FrameID?) {
        switch id {
        case .number(let number): field(name, number)
        case .text(let text): field(name, text)
        case nil: field(name, nil as String?)
        }
    }

    fileprivate mutating func field(_ name: StaticString, _ person: Person) {
        field(
            name,
            object: { writer in
                writer.field("username", person.username)
                writer.field("name", person.name)
                if person.isBot { writer.field("isBot", true) }
            })
    }

    fileprivate mutating func field(_ name: StaticString, _ status: PersonStatus?) {
        guard let status else { return field(name, nil as String?) }
        field(
            name,
            object: { writer in
                writer.field("emoji", status.emoji)
                writer.field("text", status.text)
                writer.field("until", status.until?.iso8601)
            })
    }

    /// As `Message` is encoded for the HTTP API.
    fileprivate mutating func field(_ name: StaticString, _ message: Message) {
        field(
            name,
            object: { writer in
                writer.field("seq", message.seq)
                writer.field("sender", message.sender)
                writer.field("text", message.text)
                writer.field("sentAt", message.sentAt.iso8601)
                writer.field("clientId", message.clientId)
                if message.isUnreadable { writer.field("unreadable", true) }
                if let removed = message.removed { writer.field("removed", removed.rawValue) }
                if let removes = message.removes { writer.field("removes", removes) }
            })
    }

    /// Nothing where the person left by themselves.
    fileprivate mutating func field(_ exit: RoomExit) {
        switch exit {
        case .choice: break
        case .kicked: field("reason", "kicked")
        case .banned(let ban):
            field("reason", "banned")
            field("until", ban.until?.iso8601)
        }
    }

    fileprivate mutating func field(_ name: StaticString, _ restriction: Restriction?) {
        guard let restriction else { return field(name, nil as String?) }
        field(name, object: { $0.field("until", restriction.until?.iso8601) })
    }

    /// Names of ours, in which nothing has to be escaped.
    fileprivate mutating func field(_ name: StaticString, _ words: [String]) {
        field(name, json: "[\(words.map { "\"\($0)\"" }.joined(separator: ","))]".utf8)
    }

    /// Rare enough to be left to the encoder.
    fileprivate mutating func field(_ name: StaticString, _ room: RoomView) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        // Every value in a room is a string, a whole number, a boolean or an object of these.
        guard let json = try? encoder.encode(room) else { preconditionFailure("a room that is not JSON") }
        field(name, json: json)
    }
}
