package import NIOCore
package import NIOWebSocket
package import Wire

/// One socket's protocol state (RFC 6455), decided in values: a frame goes in, what to do comes out. It knows no
/// channel, no clock and no chat.
package struct SocketStateMachine: ~Copyable {
    /// What to do about a frame.
    package enum Action: Hashable, Sendable {
        case nothing
        /// A whole text message, which is UTF-8.
        case text(ByteBuffer)
        case binary(ByteBuffer)
        case pong(ByteBuffer)
        /// Send a close frame, then wait for the other side's.
        case close(CloseCode)
        /// The other side broke the protocol (section 7.1.7): send a close frame and nothing more, whatever comes.
        case fail(CloseCode)
        /// The other side closes: answer with its code and end.
        case answerClose(code: UInt16?)
        /// Our close was answered: end.
        case end
    }

    private enum State {
        case open
        /// In the middle of a message in fragments.
        case assembling(Message)
        /// We have sent a close frame; whatever comes before the answer is not looked at.
        case closing
        case closed
    }

    /// What has come of a message.
    private struct Message {
        var payload: ByteBuffer
        let isText: Bool
        /// The whole message is, however many frames it comes in.
        let isCompressed: Bool
    }

    private let messageBytesMax: Int
    private let takesBinary: Bool
    private let deflate: PerMessageDeflate?
    private var state = State.open

    /// - Parameters:
    ///   - messageBytesMax: for each frame, and for each message also when it is expanded.
    ///   - takesBinary: else a binary frame closes the socket with 1003.
    ///   - deflate: for messages that come compressed; `nil` where that was not agreed on.
    package init(messageBytesMax: Int, takesBinary: Bool = false, deflate: PerMessageDeflate? = nil) {
        self.messageBytesMax = messageBytesMax
        self.takesBinary = takesBinary
        self.deflate = deflate
    }

    /// Whether messages may still be sent and received.
    package var isOpen: Bool {
        switch state {
        case .open, .assembling: true
        case .closing, .closed: false
        }
    }

    package mutating func receive(_ frame: WebSocketFrame) -> Action {
        switch state {
        case .closed:
            return .nothing
        case .closing:
            guard frame.opcode == .connectionClose else { return .nothing }
            state = .closed
            return .end
        case .open, .assembling:
            break
        }
        // Section 5.1: a client masks every frame. Section 5.2: no extension was agreed on that uses these bits, but
        // for the first one at the beginning of a message (RFC 7692, section 6).
        guard frame.maskKey != nil, !frame.rsv2, !frame.rsv3,
            !frame.rsv1 || deflate != nil && (frame.opcode == .text || frame.opcode == .binary)
        else { return fail(.protocolError) }
        switch frame.opcode {
        case .text: return receive(first: frame, isText: true)
        case .binary: return takesBinary ? receive(first: frame, isText: false) : fail(.unsupportedData)
        case .continuation: return receive(continuation: frame)
        case .ping: return .pong(frame.unmaskedData)
        case .pong: return .nothing
        case .connectionClose: return receiveClose(frame.unmaskedData)
        default: return fail(.protocolError)
        }
    }

    /// We close.
    package mutating func close(_ code: CloseCode) -> Action {
        guard isOpen else { return .nothing }
        state = .closing
        return .close(code)
    }

    /// The other side broke the protocol, here or in the decoder before us.
    package mutating func fail(_ code: CloseCode) -> Action {
        guard isOpen else { return .nothing }
        state = .closing
        return .fail(code)
    }

    private mutating func receive(first frame: WebSocketFrame, isText: Bool) -> Action {
        guard case .open = state else { return fail(.protocolError) }
        let message = Message(payload: frame.unmaskedData, isText: isText, isCompressed: frame.rsv1)
        return receive(message, isWhole: frame.fin)
    }

    private mutating func receive(continuation frame: WebSocketFrame) -> Action {
        guard case .assembling(var message) = state else { return fail(.protocolError) }
        guard message.payload.readableBytes + frame.length <= messageBytesMax else { return fail(.messageTooBig) }
        state = .open
        message.payload.writeImmutableBuffer(frame.unmaskedData)
        return receive(message, isWhole: frame.fin)
    }

    private mutating func receive(_ message: Message, isWhole: Bool) -> Action {
        guard message.payload.readableBytes <= messageBytesMax else { return fail(.messageTooBig) }
        guard isWhole else {
            state = .assembling(message)
            return .nothing
        }
        var payload = message.payload
        if message.isCompressed, let deflate {
            do throws(PerMessageDeflate.Fault) {
                payload = try deflate.expand(payload, bytesMax: messageBytesMax)
            } catch {
                switch error {
                case .malformed: return fail(.invalidPayload)
                case .tooBig: return fail(.messageTooBig)
                }
            }
        }
        guard message.isText else { return .binary(payload) }
        guard Self.isUTF8(payload) else { return fail(.invalidPayload) }
        return .text(payload)
    }

    /// Section 5.5.1 and 7.4: a close frame is empty, or has a code that may be sent and a reason in UTF-8.
    private mutating func receiveClose(_ payload: ByteBuffer) -> Action {
        var payload = payload
        guard payload.readableBytes > 0 else {
            state = .closed
            return .answerClose(code: nil)
        }
        guard let code = payload.readInteger(as: UInt16.self), Self.mayBeSent(code) else {
            return fail(.protocolError)
        }
        guard Self.isUTF8(payload) else { return fail(.invalidPayload) }
        state = .closed
        return .answerClose(code: code)
    }

    private static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    private static func isUTF8(_ buffer: ByteBuffer) -> Bool {
        buffer.withUnsafeReadableBytes { String(validating: $0, as: UTF8.self) != nil }
    }
}
