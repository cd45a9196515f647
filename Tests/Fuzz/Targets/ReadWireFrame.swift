import NIOCore
import Wire

/// A WebSocket frame as it stands on the wire (RFC 6455, section 5.2). Read here by other code than the server's.
struct ReadWireFrame {
    var isLast: Bool
    var reserved: UInt8
    var opcode: UInt8
    var isMasked: Bool
    /// The length is written in as few bytes as it can be.
    var isShortest: Bool
    /// As on the wire, still masked where it is.
    var payload: ByteBuffer

    var isControl: Bool { opcode >= 8 }
    var isClose: Bool { opcode == 8 }

    /// What has to hold for every frame that the server sends.
    ///
    /// - Parameter deflate: where compression was agreed on.
    func checkFromServer(deflate: PerMessageDeflate?) throws(Violation) {
        if reserved == 0x40, !isControl, let deflate {
            var expanded = self
            expanded.reserved = 0
            expanded.payload = try expected { try deflate.expand(payload, bytesMax: 1_000_000) }
            return try expanded.checkFromServer(deflate: nil)
        }
        try require(isLast && reserved == 0 && !isMasked && isShortest, "the server sent a bad frame: \(self)")
        switch opcode {
        case 0x1: try require(isUTF8(payload), "the server sent text that is not UTF-8: \(self)")
        case 0x8: try checkClose()
        case 0x9, 0xA: try require(payload.readableBytes <= 125, "the server sent a long control frame: \(self)")
        default: throw Violation("the server sent a frame of an unknown kind: \(self)")
        }
    }

    /// Section 7.4: one of our own codes with its name, or the other side's own code back, or none.
    private func checkClose() throws(Violation) {
        var payload = payload
        guard payload.readableBytes > 0 else { return }
        guard payload.readableBytes <= 125, let number = payload.readInteger(as: UInt16.self) else {
            throw Violation("the server sent a bad close frame: \(self)")
        }
        let reason = String(buffer: payload)
        if let code = CloseCode(rawValue: number), reason == code.name { return }
        let isLegal = (1000...1003).contains(number) || (1007...1014).contains(number) || (3000...4999).contains(number)
        try require(isLegal && reason.isEmpty, "the server closed with \(number) \(reason)")
    }

    private func isUTF8(_ buffer: ByteBuffer) -> Bool {
        String(validating: buffer.readableBytesView, as: UTF8.self) != nil
    }
}

extension ByteBuffer {
    /// Reads one frame, or nothing at all where a whole one is not there yet.
    mutating func readWireFrame() -> ReadWireFrame? {
        var rest = self
        guard let first = rest.readInteger(as: UInt8.self), let second = rest.readInteger(as: UInt8.self) else {
            return nil
        }
        let length: UInt64?
        switch second & 0x7F {
        case 126: length = rest.readInteger(as: UInt16.self).map(UInt64.init)
        case 127: length = rest.readInteger(as: UInt64.self)
        case let short: length = UInt64(short)
        }
        let isMasked = second & 0x80 != 0
        if isMasked, rest.readInteger(as: UInt32.self) == nil { return nil }
        guard let length, let count = Int(exactly: length), let payload = rest.readSlice(length: count) else {
            return nil
        }
        self = rest
        let shortest: UInt8 = length < 126 ? UInt8(length) : length <= UInt16.max ? 126 : 127
        return ReadWireFrame(
            isLast: first & 0x80 != 0, reserved: first & 0x70, opcode: first & 0xF, isMasked: isMasked,
            isShortest: second & 0x7F == shortest, payload: payload)
    }
}
