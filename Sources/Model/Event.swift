/// What happened, told after it is committed and in commit order. Each names its audience.
package enum Event: Sendable {
    /// To everybody in the room.
    case messageSent(Message, room: RoomRef)
    /// To the person's own sockets.
    case readMoved(UserID, room: RoomRef, seq: Seq)
    /// To the person's own sockets, which receive the room from now on.
    case roomJoined(UserID, RoomView)
    /// To the person's own sockets, which no longer receive the room.
    case roomLeft(UserID, room: RoomRef)
    /// To the sockets of that sign-in, which end.
    case sessionEnded(SessionID)
    /// To everybody in these rooms, and to the person's own sockets.
    case personChanged(PersonChange, rooms: [RoomID])
    /// To all of the person's sockets, which end.
    case accountDisabled(UserID)
}
