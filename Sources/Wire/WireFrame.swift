package import NIOCore

/// Whole WebSocket frames from server to client (RFC 6455, section 5.2). They are unmasked, hence the same bytes
/// for every receiver: a frame is built once and shared.
package enum WireFrame {
    fileprivate enum Opcode: UInt8 {
        case text = 0x1
        case binary = 0x2
        case close = 0x8
        case ping = 0x9
        case pong = 0xA
    }

    /// - Parameter payload: UTF-8.
    package static func text(_ payload: [UInt8]) -> ByteBuffer {
        var frame = header(.text, length: payload.count)
        frame.writeBytes(payload)
        return frame
    }

    package static func text(_ payload: ByteBuffer) -> ByteBuffer { whole(.text, payload) }

    /// The payloads of the text frames in a row of whole frames of ours. Others, pings say, are left out.
    package static func texts(in frames: ByteBuffer) -> [ByteBuffer] {
        var frames = frames
        var texts: [ByteBuffer] = []
        while let frame = first(in: &frames) {
            if frame.opcode == .text { texts.append(frame.payload) }
        }
        return texts
    }

    /// One of ours, read back.
    struct Parts {
        fileprivate let opcode: Opcode
        let payload: ByteBuffer
        /// With its header.
        let whole: ByteBuffer

        /// Control frames are no messages.
        var isMessage: Bool { opcode == .text || opcode == .binary }
    }

    /// Takes the first of a row of whole frames of ours.
    static func first(in frames: inout ByteBuffer) -> Parts? {
        var rest = frames
        guard let first = rest.readInteger(as: UInt8.self), let opcode = Opcode(rawValue: first & 0x0F),
            let second = rest.readInteger(as: UInt8.self)
        else { return nil }
        let length: Int? =
            switch second {
            case 126: rest.readInteger(as: UInt16.self).map { Int($0) }
            case 127: rest.readInteger(as: UInt64.self).map { Int($0) }
            default: Int(second)
            }
        guard let length, let payload = rest.readSlice(length: length),
            let whole = frames.readSlice(length: frames.readableBytes - rest.readableBytes)
        else { return nil }
        return Parts(opcode: opcode, payload: payload, whole: whole)
    }

    /// Appends the frame of a compressed message (RFC 7692, section 6): the first reserved bit says that it is one.
    static func appendCompressed(_ message: ByteBuffer, like frame: Parts, to frames: inout ByteBuffer) {
        writeHeader(0x40 | frame.opcode.rawValue, length: message.readableBytes, to: &frames)
        frames.writeImmutableBuffer(message)
    }

    package static func binary(_ payload: ByteBuffer) -> ByteBuffer { whole(.binary, payload) }

    package static func ping() -> ByteBuffer { header(.ping, length: 0) }

    /// Answers a ping with its own payload (section 5.5.3).
    package static func pong(_ payload: ByteBuffer) -> ByteBuffer { whole(.pong, payload) }

    /// A close frame with the code and its name as the reason.
    package static func close(_ code: CloseCode) -> ByteBuffer {
        var frame = header(.close, length: 2 + code.name.utf8.count)
        frame.writeInteger(code.rawValue)
        frame.writeString(code.name)
        return frame
    }

    /// Answers the other side's close frame with its own code (section 5.5.1).
    package static func close(answering code: UInt16?) -> ByteBuffer {
        var frame = header(.close, length: code == nil ? 0 : 2)
        if let code { frame.writeInteger(code) }
        return frame
    }

    private static func whole(_ opcode: Opcode, _ payload: ByteBuffer) -> ByteBuffer {
        var frame = header(opcode, length: payload.readableBytes)
        frame.writeImmutableBuffer(payload)
        return frame
    }

    private static func header(_ opcode: Opcode, length: Int) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: length + 10)
        writeHeader(opcode.rawValue, length: length, to: &buffer)
        return buffer
    }

    private static func writeHeader(_ first: UInt8, length: Int, to buffer: inout ByteBuffer) {
        buffer.writeInteger(0x80 | first)
        switch length {
        case 0...125:
            buffer.writeInteger(UInt8(length))
        case 126...Int(UInt16.max):
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(length))
        default:
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(length))
        }
    }
}
