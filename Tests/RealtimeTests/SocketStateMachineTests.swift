import NIOCore
import NIOWebSocket
import Realtime
import Testing
import Wire

@Suite("A socket's protocol state")
struct SocketStateMachineTests {
    private let mask = WebSocketMaskingKey([1, 2, 3, 4])

    private func frame(
        _ opcode: WebSocketOpcode, _ text: String = "", fin: Bool = true, rsv1: Bool = false, masked: Bool = true
    ) -> WebSocketFrame {
        frame(opcode, ByteBuffer(string: text), fin: fin, rsv1: rsv1, masked: masked)
    }

    private func frame(
        _ opcode: WebSocketOpcode, _ payload: ByteBuffer, fin: Bool = true, rsv1: Bool = false, masked: Bool = true
    ) -> WebSocketFrame {
        var data = payload
        if masked, let mask { data.webSocketMask(mask) }
        return WebSocketFrame(fin: fin, rsv1: rsv1, opcode: opcode, maskKey: masked ? mask : nil, data: data)
    }

    private func close(code: UInt16?, reason: [UInt8] = []) -> WebSocketFrame {
        var payload = ByteBuffer()
        if let code { payload.writeInteger(code) }
        payload.writeBytes(reason)
        return frame(.connectionClose, payload)
    }

    @Test("takes a whole message")
    func wholeMessage() {
        var machine = SocketStateMachine(messageBytesMax: 100)
        #expect(machine.receive(frame(.text, "Hello")) == .text(ByteBuffer(string: "Hello")))
        #expect(machine.receive(frame(.text)) == .text(ByteBuffer()))
    }

    @Test("puts fragments together, with control frames between them")
    func fragments() {
        var machine = SocketStateMachine(messageBytesMax: 100)
        #expect(machine.receive(frame(.text, "He", fin: false)) == .nothing)
        #expect(machine.receive(frame(.ping, "p")) == .pong(ByteBuffer(string: "p")))
        #expect(machine.receive(frame(.continuation, "ll", fin: false)) == .nothing)
        #expect(machine.receive(frame(.continuation, "o")) == .text(ByteBuffer(string: "Hello")))
        #expect(machine.receive(frame(.text, "Next")) == .text(ByteBuffer(string: "Next")))
    }

    @Test("takes a character that is cut in two by fragments")
    func fragmentedCharacter() {
        var machine = SocketStateMachine(messageBytesMax: 100)
        let bytes = Array("é".utf8)
        #expect(machine.receive(frame(.text, ByteBuffer(bytes: bytes.prefix(1)), fin: false)) == .nothing)
        #expect(
            machine.receive(frame(.continuation, ByteBuffer(bytes: bytes.suffix(1))))
                == .text(ByteBuffer(string: "é")))
    }

    @Test(
        "refuses what is not UTF-8 with 1007",
        arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        var machine = SocketStateMachine(messageBytesMax: 100)
        #expect(machine.receive(frame(.text, ByteBuffer(bytes: bytes))) == .fail(.invalidPayload))
        let isOpen = machine.isOpen
        #expect(!isOpen)
    }

    @Test("refuses binary with 1003")
    func binary() {
        var machine = SocketStateMachine(messageBytesMax: 100)
        #expect(machine.receive(frame(.binary, "x")) == .fail(.unsupportedData))
    }

    @Test("takes binary where it is told to, also in fragments, and looks at no UTF-8 in it")
    func takesBinary() {
        var machine = SocketStateMachine(messageBytesMax: 100, takesBinary: true)
        let bytes = ByteBuffer(bytes: [0xFF, 0xFE])
        #expect(machine.receive(frame(.binary, bytes)) == .binary(bytes))
        #expect(machine.receive(frame(.binary, bytes, fin: false)) == .nothing)
        #expect(machine.receive(frame(.continuation, bytes)) == .binary(ByteBuffer(bytes: [0xFF, 0xFE, 0xFF, 0xFE])))
    }

    @Test("refuses a message over the limit with 1009, in one frame or in many")
    func tooBig() {
        var whole = SocketStateMachine(messageBytesMax: 4)
        #expect(whole.receive(frame(.text, "Hello")) == .fail(.messageTooBig))
        var parts = SocketStateMachine(messageBytesMax: 4)
        #expect(parts.receive(frame(.text, "Hel", fin: false)) == .nothing)
        #expect(parts.receive(frame(.continuation, "lo", fin: false)) == .fail(.messageTooBig))
    }

    @Test("refuses what RFC 6455 forbids with 1002")
    func protocolErrors() {
        let bad = [
            frame(.text, "x", masked: false), frame(.text, "x", rsv1: true), frame(.continuation, "x"),
            frame(WebSocketOpcode(encodedWebSocketOpcode: 0x3) ?? .text, "x"),
            frame(WebSocketOpcode(encodedWebSocketOpcode: 0xB) ?? .text, "x"),
            close(code: 1005), close(code: 1006), close(code: 999), close(code: 1015), close(code: 5000),
            frame(.connectionClose, "x"),
        ]
        for frame in bad {
            var machine = SocketStateMachine(messageBytesMax: 100)
            #expect(machine.receive(frame) == .fail(.protocolError), "\(frame)")
        }
        var machine = SocketStateMachine(messageBytesMax: 100)
        #expect(machine.receive(frame(.text, "x", fin: false)) == .nothing)
        #expect(machine.receive(frame(.text, "y")) == .fail(.protocolError))
    }

    @Test("answers a close with its own code", arguments: [1000, 1001, 3000, 4999] as [UInt16])
    func answersClose(code: UInt16) {
        var machine = SocketStateMachine(messageBytesMax: 100)
        #expect(machine.receive(close(code: code, reason: Array("bye".utf8))) == .answerClose(code: code))
        #expect(machine.receive(frame(.text, "x")) == .nothing)
    }

    @Test("answers an empty close, and refuses a reason that is not UTF-8")
    func closeReasons() {
        var empty = SocketStateMachine(messageBytesMax: 100)
        #expect(empty.receive(close(code: nil)) == .answerClose(code: nil))
        var bad = SocketStateMachine(messageBytesMax: 100)
        #expect(bad.receive(close(code: 1000, reason: [0xFF])) == .fail(.invalidPayload))
    }

    @Test("after its own close looks at nothing but the answer")
    func ownClose() {
        var machine = SocketStateMachine(messageBytesMax: 100)
        #expect(machine.close(.goingAway) == .close(.goingAway))
        #expect(machine.close(.goingAway) == .nothing)
        #expect(machine.receive(frame(.text, "late")) == .nothing)
        #expect(machine.receive(frame(.ping, "late")) == .nothing)
        #expect(machine.receive(close(code: 1001)) == .end)
        #expect(machine.receive(close(code: 1001)) == .nothing)
    }

    // MARK: Compression

    /// "Hello", as RFC 7692 has it in section 7.2.3.1.
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    @Test("expands a message that comes compressed, whole or in parts")
    func compressed() {
        let hello = Self.hello
        var machine = SocketStateMachine(messageBytesMax: 100, deflate: PerMessageDeflate())
        #expect(
            machine.receive(frame(.text, ByteBuffer(bytes: hello), rsv1: true)) == .text(ByteBuffer(string: "Hello")))
        #expect(machine.receive(frame(.text, "Plain")) == .text(ByteBuffer(string: "Plain")))
        #expect(machine.receive(frame(.text, ByteBuffer(bytes: hello[..<3]), fin: false, rsv1: true)) == .nothing)
        #expect(machine.receive(frame(.ping, "p")) == .pong(ByteBuffer(string: "p")))
        #expect(
            machine.receive(frame(.continuation, ByteBuffer(bytes: hello[3...]))) == .text(ByteBuffer(string: "Hello")))
    }

    @Test("refuses a compressed message that is none with 1007, and one that grows beyond the limit with 1009")
    func badCompression() {
        var none = SocketStateMachine(messageBytesMax: 100, deflate: PerMessageDeflate())
        #expect(none.receive(frame(.text, "Hello", rsv1: true)) == .fail(.invalidPayload))
        var big = SocketStateMachine(messageBytesMax: 4, deflate: PerMessageDeflate())
        #expect(big.receive(frame(.text, ByteBuffer(bytes: Self.hello[..<4]), rsv1: true)) == .fail(.invalidPayload))
        var bomb = SocketStateMachine(messageBytesMax: 100, deflate: PerMessageDeflate())
        // 101 times the letter a.
        #expect(
            bomb.receive(frame(.text, ByteBuffer(bytes: [0x4A, 0x4C, 0xA4, 0x03, 0x00, 0x00]), rsv1: true))
                == .fail(.messageTooBig))
    }

    @Test("refuses the bit of compression where it was not agreed on, and where it has no place")
    func misplacedCompression() {
        var none = SocketStateMachine(messageBytesMax: 100)
        #expect(none.receive(frame(.text, ByteBuffer(bytes: Self.hello), rsv1: true)) == .fail(.protocolError))
        var control = SocketStateMachine(messageBytesMax: 100, deflate: PerMessageDeflate())
        #expect(control.receive(frame(.ping, "p", rsv1: true)) == .fail(.protocolError))
        var later = SocketStateMachine(messageBytesMax: 100, deflate: PerMessageDeflate())
        #expect(later.receive(frame(.text, "He", fin: false)) == .nothing)
        #expect(later.receive(frame(.continuation, "llo", rsv1: true)) == .fail(.protocolError))
    }
}
