import Foundation
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
        case authenticate(token: String)
        case ping
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
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes.readableBytesView)),
            case .object(let fields) = value
        else {
            throw ClientFrameError(id: nil, error: ChatError(.invalidJSON, "A frame is one JSON object."))
        }
        let id: FrameID?
        do {
            id = try Self.id(of: fields)
        } catch {
            throw ClientFrameError(id: nil, error: error)
        }
        do {
            self.body = try Self.body(of: FrameFields(values: fields, socketRoom: room))
            self.id = id
        } catch let error as ChatError {
            throw ClientFrameError(id: id, error: error)
        } catch {
            throw ClientFrameError(id: id, error: .internal)
        }
    }

    private static func id(of fields: [String: JSONValue]) throws(ChatError) -> FrameID? {
        switch fields["id"] {
        case nil, .null:
            return nil
        case .string(let text) where text.unicodeScalars.count <= 64:
            return .text(text)
        case .number(let number):
            // Beyond 2^53 a JSON number is no longer exact, and would come back as another.
            if let number = Int64(exactly: number), abs(number) <= 1 << 53 { return .number(number) }
            fallthrough
        default:
            throw ChatError(
                .invalidField, "id is a whole number below 2^53 or a string of at most 64 characters.", field: "id")
        }
    }

    private static func body(of fields: FrameFields) throws -> Body {
        switch try fields.type() {
        case "chat_message":
            .command(
                .sendMessage(
                    room: try fields.room(), text: try fields.string("message"),
                    clientId: try fields.optionalString("clientId")))
        case "read":
            .command(.markRead(room: try fields.room(), seq: try fields.seq("seq")))
        case "authenticate":
            .authenticate(token: try fields.string("token"))
        case "ping":
            .ping
        case let other:
            throw ChatError(.unknownType, "There is no frame of type \(other.prefix(64)).", field: "type")
        }
    }
}

/// A frame's fields, read with the error that names what is wrong.
private struct FrameFields {
    let values: [String: JSONValue]
    let socketRoom: String?

    func type() throws -> String {
        guard case .string(let type) = values["type"] else {
            throw ChatError(.unknownType, "A frame has a type, as a string.", field: "type")
        }
        return type
    }

    func string(_ name: String) throws -> String {
        guard let text = try optionalString(name) else {
            throw ChatError(.missingField, "The field \(name) is missing.", field: name)
        }
        return text
    }

    func optionalString(_ name: String) throws -> String? {
        switch values[name] {
        case nil, .null: nil
        case .string(let text): text
        default: throw ChatError(.invalidField, "The field \(name) is a string.", field: name)
        }
    }

    func seq(_ name: String) throws -> Seq {
        switch values[name] {
        case nil, .null:
            throw ChatError(.missingField, "The field \(name) is missing.", field: name)
        case .number(let number):
            if let seq = Seq(exactly: number), seq >= 0 { return seq }
            fallthrough
        default:
            throw ChatError(.invalidField, "The field \(name) is a whole number from 0.", field: name)
        }
    }

    func room() throws -> String {
        guard let socketRoom else { return try string("room") }
        guard let named = try optionalString("room"), named != socketRoom else { return socketRoom }
        throw ChatError(.invalidField, "This socket is for the room \(socketRoom) alone.", field: "room")
    }
}
