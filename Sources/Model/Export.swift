/// A piece of what the server has about one person, in the order of docs/export.md.
package enum ExportPart: Sendable {
    case account(User, Profile, AccountEmail, hasSecondFactor: Bool)
    case sessions([SessionView])
    case identities([LinkedIdentity])
    case passkeys([Passkey])
    case tokens([PersonalToken])
    case bots([Bot])
    case rooms([RoomView])
    case invitations([Invitation])
    case audit([AuditEntry])
    /// What the person said, wherever it was. Comes as often as is needed.
    case messages([SaidMessage])
    /// A conversation between people begins; what was said in it follows.
    case conversation(RoomView)
    /// What was said in it by everybody. Comes as often as is needed.
    case conversationMessages([Message])
}

/// A message, and the room that it was said in.
package struct SaidMessage: Sendable {
    package let place: MessagePlace
    package let room: String
    package let message: Message

    package init(place: MessagePlace, room: String, message: Message) {
        self.place = place
        self.room = room
        self.message = message
    }
}

/// A place among all messages of the server.
package struct MessagePlace: Hashable, Sendable {
    package let room: RoomID
    package let seq: Seq

    package init(room: RoomID, seq: Seq) {
        self.room = room
        self.seq = seq
    }

    /// Before all messages.
    package static let beginning = MessagePlace(room: RoomID(rawValue: 0), seq: 0)
}
