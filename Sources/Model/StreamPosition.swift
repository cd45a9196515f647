/// Names one history of the database. It changes when the database turns out to have gone back in time, restored from
/// a copy: the same `seq` may then stand for another message.
package struct Epoch: Hashable, Sendable {
    package let text: String

    package init(text: String) { self.text = text }

    /// A new one, unlike any before: 64 random bits in hexadecimal.
    package static func random() -> Epoch {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return Epoch(text: String(repeating: "0", count: 16 - digits.count) + digits)
    }
}

extension Epoch: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// How far somebody has got in a room's stream: they have every message up to `seq`.
package struct StreamPosition: Hashable, Sendable {
    package let epoch: Epoch
    package let seq: Seq

    package init(epoch: Epoch, seq: Seq) {
        self.epoch = epoch
        self.seq = seq
    }
}

/// What somebody missed in a room since a position.
package struct MissedMessages: Sendable {
    package let room: RoomRef
    /// In ascending `seq`, without a gap. Empty where they must reload.
    package let messages: [Message]
    /// Where the room stood when this was read.
    package let position: StreamPosition
    /// Their position is of another epoch, beyond the newest message, or too far behind: what they have is worth nothing.
    package let mustReload: Bool

    package init(room: RoomRef, messages: [Message], position: StreamPosition, mustReload: Bool) {
        self.room = room
        self.messages = messages
        self.position = position
        self.mustReload = mustReload
    }
}
