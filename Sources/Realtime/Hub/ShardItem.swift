import Model
import NIOCore
import Wire

/// What a shard is told, in the order in which it was told.
enum ShardItem: Sendable {
    /// To everybody in a room: one frame, the same bytes for all.
    case room(RoomID, Seq, SharedFrame)
    /// To everybody in a room but one person.
    case others(RoomID, than: UserID, SharedFrame)
    /// To everybody in any of these rooms, once, but to one person.
    case neighbours([RoomID], of: UserID, SharedFrame)
    /// Everything else that happened.
    case event(Event)
    /// A command of this socket's was carried out or refused.
    case reply(NIOLoopBound<ChatSocket>, FrameID?, Result<CommandResult, ChatError>)
    /// What a socket missed was found.
    case missed(NIOLoopBound<Resumption>, Result<Resumption.Missed, ChatError>)
    /// This socket is one too many of the person's.
    case surplus(UserID, number: UInt32)
}
