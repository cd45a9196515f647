package import Model
package import NIOCore

/// The `id` of a client's frame, given back as `re`: a whole number or a short string.
package enum FrameID: Hashable, Sendable {
    case number(Int64)
    case text(String)
}

/// One frame from a client, understood (docs/protocol.md, "What a client sends").
package struct ClientFrame: Hashable, Sendable {
    package enum Body: Hashable, Sendable {
        case command(Command)
        case resume(room: String, StreamPosition)
        case typing(room: String, isActive: Bool)
        case authenticate(token: String)
        case ping

        /// What an access token needs for it; `nil` where it needs none.
        package var scope: Scope? {
            switch self {
            case .command(.sendMessage), .command(.markRead), .typing: .messagesWrite
            case .resume: .messagesRead
            case .authenticate, .ping: nil
            }
        }
    }

    /// What a frame may be, as its `type` names it.
    package enum Kind: String, CaseIterable, Sendable {
        case chatMessage = "chat_message"
        case read, resume, typing, authenticate, ping
    }

    package let id: FrameID?
    package let body: Body
}

/// A frame that could not be understood, with its `id` where that much was readable.
package struct ClientFrameError: Error, Hashable, Sendable {
    package let id: FrameID?
    package let error: ChatError
}

extension ClientFrame {
    /// Reads a frame's text.
    ///
    /// - Parameters:
    ///   - bytes: the frame's text, already known to be UTF-8.
    ///   - room: the room of a socket that has just one, else `nil`; a frame may then still name it, but no other.
    package init(decoding bytes: ByteBuffer, room: String?) throws(ClientFrameError) {
        guard let fields = try? FrameFields(bytes, socketRoom: room) else {
            throw ClientFrameError(id: nil, error: ChatError(.invalidJSON, "A frame is one JSON object."))
        }
        var id: FrameID?
        do {
            id = try fields.id()
            self.body = try Self.body(of: fields)
            self.id = id
        } catch {
            throw ClientFrameError(id: id, error: error as? ChatError ?? .internal)
        }
    }

    private static func body(of fields: FrameFields) throws -> Body {
        let type = try fields.type()
        guard let kind = Kind(rawValue: type) else {
            throw ChatError(.unknownType, "There is no frame of type \(type.excerpt(64)).", field: "type")
        }
        return switch kind {
        case .chatMessage:
            .command(
                .sendMessage(
                    room: try fields.room(), text: try fields.string(.message),
                    clientId: try fields.optionalString(.clientId)))
        case .read:
            .command(.markRead(room: try fields.room(), seq: try fields.seq(.seq)))
        case .resume:
            .resume(
                room: try fields.room(),
                StreamPosition(epoch: Epoch(text: try fields.string(.epoch)), seq: try fields.seq(.seq)))
        case .typing:
            .typing(room: try fields.room(), isActive: try fields.optionalBoolean(.active) ?? true)
        case .authenticate:
            .authenticate(token: try fields.string(.token))
        case .ping:
            .ping
        }
    }
}
