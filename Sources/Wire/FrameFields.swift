import Model
import NIOCore

/// The fields of a client's frame, read with the error that names what is wrong. Fields that no frame has are not
/// looked at, whatever they hold; of a field that is there twice, the last counts.
struct FrameFields: Sendable {
    enum Name: String, CaseIterable {
        case type, id, room, message, clientId, seq, epoch, active, token
    }

    /// A field's value, as far as it matters: a wrong type can be told from a missing field.
    private enum Value {
        case null
        case boolean(Bool)
        case number(Double)
        case string(String)
        case other

        init(_ reader: inout JSONReader) throws {
            switch reader.peek() {
            case UInt8(ascii: "\""):
                self = try reader.string().map(Value.string) ?? .other
            case UInt8(ascii: "n"):
                try reader.literal("null")
                self = .null
            case UInt8(ascii: "t"):
                try reader.literal("true")
                self = .boolean(true)
            case UInt8(ascii: "f"):
                try reader.literal("false")
                self = .boolean(false)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                try reader.skipValue()
                self = .other
            default:
                self = .number(try reader.number())
            }
        }
    }

    private var values: [Name: Value] = [:]
    /// The room of a socket that has just one.
    let socketRoom: String?

    /// - Throws: when the text is not one JSON object.
    init(_ text: ByteBuffer, socketRoom: String?) throws {
        self.socketRoom = socketRoom
        values.reserveCapacity(6)
        try text.withUnsafeReadableBytes { bytes in
            var reader = JSONReader(bytes)
            try reader.wholeObject { reader, name in
                if let name = Name(rawValue: name) {
                    values[name] = try Value(&reader)
                } else {
                    try reader.skipValue()
                }
            }
        }
    }

    func type() throws -> String {
        guard case .string(let type) = values[.type] else {
            throw ChatError(.unknownType, "A frame has a type, as a string.", field: "type")
        }
        return type
    }

    func id() throws(ChatError) -> FrameID? {
        switch values[.id] {
        case nil, .null:
            return nil
        case .string(let text) where text.unicodeScalars.count <= 64:
            return .text(text)
        case .number(let number):
            // Beyond 2^53 a JSON number is no longer exact, and would come back as another.
            if let number = Int64(exactly: number), (-(1 << 53)...(1 << 53)).contains(number) { return .number(number) }
            fallthrough
        default:
            throw ChatError(
                .invalidField, "id is a whole number up to 2^53 or a string of at most 64 characters.", field: "id")
        }
    }

    func string(_ name: Name) throws -> String {
        guard let text = try optionalString(name) else { throw missing(name) }
        return text
    }

    func optionalString(_ name: Name) throws -> String? {
        switch values[name] {
        case nil, .null: nil
        case .string(let text): text
        default: throw ChatError(.invalidField, "The field \(name.rawValue) is a string.", field: name.rawValue)
        }
    }

    func optionalBoolean(_ name: Name) throws -> Bool? {
        switch values[name] {
        case nil, .null: nil
        case .boolean(let value): value
        default: throw ChatError(.invalidField, "The field \(name.rawValue) is true or false.", field: name.rawValue)
        }
    }

    func seq(_ name: Name) throws -> Seq {
        switch values[name] {
        case nil, .null:
            throw missing(name)
        case .number(let number):
            if let seq = Seq(exactly: number), seq >= 0 { return seq }
            fallthrough
        default:
            throw ChatError(
                .invalidField, "The field \(name.rawValue) is a whole number from 0.", field: name.rawValue)
        }
    }

    /// The room that a frame is about; the socket's own, where it has just one.
    func room() throws -> String {
        guard let socketRoom else { return try string(.room) }
        guard let named = try optionalString(.room), named != socketRoom else { return socketRoom }
        throw ChatError(.invalidField, "This socket is for the room \(socketRoom) alone.", field: "room")
    }

    private func missing(_ name: Name) -> ChatError {
        ChatError(.missingField, "The field \(name.rawValue) is missing.", field: name.rawValue)
    }
}
