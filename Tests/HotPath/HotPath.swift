import Foundation
import Logging
import Model
import NIOCore
import NIOEmbedded
import Realtime
import Storage
import Wire

/// Does one step of a message's way again and again, for `dev/budgets` to count the instructions it takes. It is in no
/// product.
///
/// `hot-path STEP COUNT`
@main
struct HotPath {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[2]) else {
            FileHandle.standardError.write(Data("usage: hot-path read|write|seal|compress|deliver COUNT\n".utf8))
            exit(2)
        }
        switch arguments[1] {
        case "read": try read(count)
        case "write": write(count)
        case "seal": try seal(count)
        case "compress": compress(count)
        case "deliver": try deliver(count)
        default: exit(2)
        }
    }

    private static let message = Message(
        seq: 1234, sender: Person(username: "titania", name: "Titania Moonweaver"),
        text: "Ill met by moonlight, proud Titania.", sentAt: Timestamp(milliseconds: 1_767_323_045_678),
        clientId: "6f9619ff-8b86-d011-b42d-00c04fc964ff")

    /// A client's frame is understood.
    private static func read(_ count: Int) throws {
        let text = ByteBuffer(
            string: """
                {"type":"chat_message","id":17,"room":"lobby","message":"Ill met by moonlight, proud Titania.",\
                "clientId":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}
                """)
        for _ in 0..<count { _ = try ClientFrame(decoding: text, room: nil) }
    }

    /// A message is written and framed for all receivers.
    private static func write(_ count: Int) {
        for _ in 0..<count { _ = ServerFrame.chatMessage(room: "lobby", message).framed() }
    }

    /// A message's text is encrypted.
    private static func seal(_ count: Int) throws {
        let cipher = MessageCipher(ring: KeyRing())
        for seq in 1...count { _ = try cipher.seal(message.text, room: RoomID(rawValue: 1), seq: Seq(seq)) }
    }

    /// A frame is compressed, for all receivers who agreed on that.
    private static func compress(_ count: Int) {
        let frame = ServerFrame.chatMessage(room: "lobby", message).framed()
        let deflate = PerMessageDeflate()
        for _ in 0..<count { _ = deflate.compress(frame) }
    }

    /// A frame goes to one receiver, as far as the channel.
    private static func deliver(_ count: Int) throws {
        let frame = ServerFrame.chatMessage(room: "lobby", message).framed()
        let handler = SocketHandler(
            limits: SocketLimits(), log: SocketLog(Logger(label: "none") { _ in SwiftLogNoOpLogHandler() }))
        let channel = EmbeddedChannel(handler: handler)
        for _ in 0..<count {
            handler.send(frame)
            _ = try channel.readOutbound(as: ByteBuffer.self)
        }
    }
}
