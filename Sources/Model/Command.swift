/// What a person asks for in real time. `Realtime` makes these out of frames; every rule about them is in `Chat`.
package enum Command: Hashable, Sendable {
    case sendMessage(room: String, text: String, clientId: String?)
    case markRead(room: String, seq: Seq)
}

/// What a command that was carried out is answered with.
package struct CommandResult: Hashable, Sendable {
    package let room: String
    package let seq: Seq

    package init(room: String, seq: Seq) {
        self.room = room
        self.seq = seq
    }
}
