import Model
import NIOCore
import Wire

/// A socket that asked for what it missed in a room. Until that is found, what is committed meanwhile is kept here, so
/// that it comes after it and once. Event loop only.
final class Resumption {
    let socket: ChatSocket
    let room: RoomID
    let id: FrameID?
    private var held: [(seq: Seq, frame: ByteBuffer)] = []
    /// The person has left the room meanwhile.
    var isOver = false

    init(socket: ChatSocket, room: RoomID, id: FrameID?) {
        self.socket = socket
        self.room = room
        self.id = id
    }

    /// What a socket missed, as frames end to end.
    struct Missed: Sendable {
        let slug: String
        let frames: ByteBuffer
        let position: StreamPosition
        let mustReload: Bool

        /// - Parameter bytesMax: with more than this, the socket would be taken for one that does not read.
        init(_ missed: MissedMessages, bytesMax: Int) {
            var frames = ByteBuffer()
            for message in missed.messages {
                frames.writeImmutableBuffer(ServerFrame.chatMessage(room: missed.room.slug, message).framed())
                if frames.readableBytes > bytesMax { break }
            }
            slug = missed.room.slug
            position = missed.position
            mustReload = missed.mustReload || frames.readableBytes > bytesMax
            self.frames = mustReload ? ByteBuffer() : frames
        }
    }

    /// - Parameter seq: the place of a message; what is none comes in any case, as if it were after all.
    func hold(_ frame: ByteBuffer, seq: Seq) {
        held.append((seq, frame))
    }

    /// Everything that is to be sent: what was missed, the answer, and what came meanwhile.
    func frames(_ missed: Missed) -> ByteBuffer {
        var frames = missed.frames
        frames.writeImmutableBuffer(
            ServerFrame.resumed(re: id, room: missed.slug, missed.position, mustReload: missed.mustReload).framed())
        for (seq, frame) in held where seq > missed.position.seq { frames.writeImmutableBuffer(frame) }
        return frames
    }
}
