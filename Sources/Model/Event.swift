/// What happened, told after it is committed and in commit order. Each names its audience.
package enum Event: Sendable {
    /// To everybody in the room.
    case messageSent(Message, room: RoomRef)
    /// To the person's own sockets.
    case readMoved(UserID, room: RoomRef, seq: Seq)
    /// To the person's own sockets, which receive the room from now on.
    case roomJoined(UserID, RoomView)
    /// To the person's own sockets, which no longer receive the room.
    case roomLeft(UserID, room: RoomRef, exit: RoomExit = .choice)
    /// To everybody in the room.
    case roomChanged(RoomRef, RoomHead)
    /// To the person's own sockets.
    case placeChanged(UserID, room: RoomRef, OwnPlace)
    /// To nobody: the person's sockets act with it from now on.
    case roleChanged(UserID, Role)
    /// To the sockets of these sign-ins, which end.
    case sessionsEnded(Set<SessionID>)
    /// To everybody in these rooms, and to the person's own sockets.
    case personChanged(PersonChange, rooms: [RoomID])
    /// To all of the person's sockets, which end.
    case accountDisabled(UserID)
}

/// Why somebody is no longer in a room.
package enum RoomExit: Hashable, Sendable {
    case choice
    case kicked
    case banned(Restriction)
}

extension Event {
    package static func sessionEnded(_ session: SessionID) -> Event { .sessionsEnded([session]) }
}
