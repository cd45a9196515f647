import Foundation
package import Model
package import NIOCore

/// One frame to a client (docs/protocol.md, "What the server sends").
package enum ServerFrame: Sendable {
    case ok(re: FrameID?, CommandResult?)
    case error(re: FrameID?, ChatError)
    case chatMessage(room: String, Message)
    case read(room: String, seq: Seq)
    case roomJoined(RoomView)
    case roomLeft(room: String)

    /// The frame's JSON with its WebSocket header before it, ready for the socket.
    package func framed() -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        // Every value in a frame is a string, a whole number, a boolean or an object of these.
        guard let json = try? encoder.encode(self) else { preconditionFailure("a frame that is not JSON") }
        return WireFrame.text(json)
    }
}

extension ServerFrame: Encodable {
    private enum CodingKeys: String, CodingKey {
        case type, re, room, seq, message, code, temporary
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .ok(let re, let result):
            try container.encode("ok", forKey: .type)
            try container.encode(re, forKey: .re)
            try container.encodeIfPresent(result?.room, forKey: .room)
            try container.encodeIfPresent(result?.seq, forKey: .seq)
        case .error(let re, let error):
            try container.encode("error", forKey: .type)
            try container.encode(re, forKey: .re)
            try container.encode(error.code.rawValue, forKey: .code)
            try container.encode(error.message, forKey: .message)
            try container.encode(error.isTemporary, forKey: .temporary)
        case .chatMessage(let room, let message):
            try container.encode("chat_message", forKey: .type)
            try container.encode(room, forKey: .room)
            try container.encode(message.seq, forKey: .seq)
            try container.encode(message, forKey: .message)
        case .read(let room, let seq):
            try container.encode("read", forKey: .type)
            try container.encode(room, forKey: .room)
            try container.encode(seq, forKey: .seq)
        case .roomJoined(let room):
            try container.encode("room_joined", forKey: .type)
            try container.encode(room, forKey: .room)
        case .roomLeft(let room):
            try container.encode("room_left", forKey: .type)
            try container.encode(room, forKey: .room)
        }
    }
}

extension FrameID: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }
}
