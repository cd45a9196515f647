import Logging
import Model
import NIOCore
import Realtime
import Wire

/// A socket's session without a chat behind it. It answers each message as the chat's does, and sends it back to its
/// sender. Event loop only.
final class SessionDouble: SocketSession {
    private let handler: SocketHandler
    private let limits: SocketLimits
    private let eventLoop: any EventLoop
    private var badFrames = 0
    private var hasLeft = false
    private(set) var isOpen = false
    /// What the session was told and should not have been.
    private(set) var violation: Violation?

    init(handler: SocketHandler, limits: SocketLimits, on eventLoop: any EventLoop) {
        self.handler = handler
        self.limits = limits
        self.eventLoop = eventLoop
    }

    func admit(_ credentials: SocketCredentials?) -> EventLoopFuture<Void> {
        guard credentials != .accessToken("bad"), credentials != .ticket("") else {
            return eventLoop.makeFailedFuture(ChatError(.tokenInvalid, "This token is not valid."))
        }
        return eventLoop.makeSucceededVoidFuture()
    }

    func opened(_ context: ChannelHandlerContext) {
        if isOpen { violation = Violation("the session was opened twice") }
        isOpen = true
    }

    func receive(text: ByteBuffer) {
        if hasLeft || !isOpen { violation = Violation("a message came before the session's begin or after its end") }
        if text.readableBytes > limits.frameBytesMax { violation = Violation("a message over the limit") }
        if String(validating: text.readableBytesView, as: UTF8.self) == nil {
            violation = Violation("a text message that is not UTF-8")
        }
        do throws(ClientFrameError) {
            let frame = try ClientFrame(decoding: text, room: "lobby")
            badFrames = 0
            if case .command(.sendMessage(_, let text, let clientId)) = frame.body {
                hear(Self.frame(text, clientId))
            }
            // As the chat's: after the messages that are queued before it.
            handler.enqueue(ServerFrame.ok(re: frame.id, nil).framed())
        } catch {
            handler.send(ServerFrame.error(re: error.id, error.error).framed())
            badFrames += 1
            if badFrames > limits.badFramesMax { handler.close(.policyViolation) }
        }
    }

    func receive(binary: ByteBuffer) {
        violation = Violation("a binary message, which is not taken")
    }

    /// A message to the room comes, which was framed once for everybody in it.
    func hear(_ frame: ByteBuffer? = nil) {
        let frame = frame ?? Self.somebodysMessage
        handler.enqueue(handler.deflate?.compress(frame) ?? frame)
    }

    private static let somebodysMessage = frame("Hello", nil)

    private static func frame(_ text: String, _ clientId: String?) -> ByteBuffer {
        let message = Message(
            seq: 1, sender: Person(username: "puck", name: "Puck"), text: text, sentAt: Timestamp(milliseconds: 0),
            clientId: clientId)
        return ServerFrame.chatMessage(room: "lobby", message).framed()
    }

    func needsFlush() {
        let bound = NIOLoopBound(handler, eventLoop: eventLoop)
        eventLoop.execute { bound.value.flush() }
    }

    func quiesce() { handler.close(.goingAway) }

    func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        handler.leave()
    }
}
