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
        case assembling(ByteBuffer, isText: Bool)
        /// We have sent a close frame; whatever comes before the answer is not looked at.
        case closing
        case closed
    }

    private let messageBytesMax: Int
    private let takesBinary: Bool
    private var state = State.open

    /// - Parameter takesBinary: else a binary frame closes the socket with 1003.
    package init(messageBytesMax: Int, takesBinary: Bool = false) {
        self.messageBytesMax = messageBytesMax
        self.takesBinary = takesBinary
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
        // Section 5.1: a client masks every frame. Section 5.2: no extension was agreed on that uses these bits.
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return fail(.protocolError) }
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
        return receive(frame.unmaskedData, isText: isText, isLast: frame.fin)
    }

    private mutating func receive(continuation frame: WebSocketFrame) -> Action {
        guard case .assembling(var message, let isText) = state else { return fail(.protocolError) }
        guard message.readableBytes + frame.length <= messageBytesMax else { return fail(.messageTooBig) }
        state = .open
        message.writeImmutableBuffer(frame.unmaskedData)
        return receive(message, isText: isText, isLast: frame.fin)
    }

    private mutating func receive(_ message: ByteBuffer, isText: Bool, isLast: Bool) -> Action {
        guard message.readableBytes <= messageBytesMax else { return fail(.messageTooBig) }
        guard isLast else {
            state = .assembling(message, isText: isText)
            return .nothing
        }
        guard isText else { return .binary(message) }
        guard Self.isUTF8(message) else { return fail(.invalidPayload) }
        return .text(message)
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
