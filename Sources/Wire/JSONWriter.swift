import NIOCore

/// Writes JSON (RFC 8259) straight into a frame's bytes. It is part of every message that goes out, where Foundation's
/// encoder took ten times as long as all the rest of making the frame.
struct JSONWriter {
    private(set) var buffer: ByteBuffer
    private var needsComma = false

    init(_ buffer: ByteBuffer) {
        self.buffer = buffer
    }

    mutating func object(_ fields: (inout JSONWriter) -> Void) {
        buffer.writeInteger(UInt8(ascii: "{"))
        needsComma = false
        fields(&self)
        buffer.writeInteger(UInt8(ascii: "}"))
        needsComma = true
    }

    /// - Parameter name: has no character that would have to be escaped.
    mutating func name(_ name: StaticString) {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
        needsComma = true
    }

    mutating func field(_ name: StaticString, _ value: String?) {
        self.name(name)
        if let value { string(value) } else { buffer.writeStaticString("null") }
    }

    mutating func field(_ name: StaticString, _ value: Int64) {
        self.name(name)
        integer(value)
    }

    mutating func field(_ name: StaticString, _ value: Bool) {
        self.name(name)
        buffer.writeStaticString(value ? "true" : "false")
    }

    /// A value that is JSON already.
    mutating func field(_ name: StaticString, json: some Sequence<UInt8>) {
        self.name(name)
        buffer.writeBytes(json)
    }

    mutating func field(_ name: StaticString, object fields: (inout JSONWriter) -> Void) {
        self.name(name)
        object(fields)
    }

    mutating func integer(_ value: Int64) {
        buffer.writeString(String(value))
    }

    mutating func string(_ text: String) {
        var text = text
        buffer.writeInteger(UInt8(ascii: "\""))
        text.withUTF8 { bytes in
            var start = 0
            for index in bytes.indices where Self.mustEscape(bytes[index]) {
                buffer.writeBytes(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[start..<index])))
                escape(bytes[index])
                start = index + 1
            }
            buffer.writeBytes(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[start...])))
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    /// RFC 8259, section 7: the quotation mark, the backslash and the control characters.
    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
        case 0x0A: buffer.writeStaticString("\\n")
        case 0x0D: buffer.writeStaticString("\\r")
        case 0x09: buffer.writeStaticString("\\t")
        default:
            buffer.writeStaticString("\\u00")
            for digit in [byte >> 4, byte & 0xF] {
                buffer.writeInteger(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}
