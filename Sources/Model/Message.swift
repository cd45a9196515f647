/// A stored message. This is the message object of the HTTP API and the socket protocol.
package struct Message: Hashable, Sendable {
    package let seq: Seq
    package let sender: Person
    /// Empty when it was removed, or the stored bytes are damaged.
    package let text: String
    package let sentAt: Timestamp
    /// The sender's own id for it, if they gave one.
    package let clientId: String?
    /// The stored bytes failed their integrity check; nothing of them is shown.
    package let isUnreadable: Bool
    /// Who took the text away, where somebody did.
    package let removed: Remover?
    /// This is no message: it says that the one at this place was removed. Its sender is who did that.
    package let removes: Seq?

    package enum Remover: String, Codable, Sendable {
        case author, moderator
    }

    package init(
        seq: Seq, sender: Person, text: String, sentAt: Timestamp, clientId: String?, isUnreadable: Bool = false,
        removed: Remover? = nil, removes: Seq? = nil
    ) {
        self.seq = seq
        self.sender = sender
        self.text = text
        self.sentAt = sentAt
        self.clientId = clientId
        self.isUnreadable = isUnreadable
        self.removed = removed
        self.removes = removes
    }
}

extension Message: Encodable {
    private enum CodingKeys: String, CodingKey {
        case seq, sender, text, sentAt, clientId, unreadable, removed, removes
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(seq, forKey: .seq)
        try container.encode(sender, forKey: .sender)
        try container.encode(text, forKey: .text)
        try container.encode(sentAt, forKey: .sentAt)
        try container.encode(clientId, forKey: .clientId)
        if isUnreadable { try container.encode(true, forKey: .unreadable) }
        try container.encodeIfPresent(removed, forKey: .removed)
        try container.encodeIfPresent(removes, forKey: .removes)
    }
}

/// A message that was checked and is ready to be stored.
package struct NewMessage: Sendable {
    package let room: String
    package let sender: UserID
    package let text: String
    package let clientId: String?

    package init(room: String, sender: UserID, text: String, clientId: String?) {
        self.room = room
        self.sender = sender
        self.text = text
        self.clientId = clientId
    }
}

/// What became of a message that was sent: stored now, or found stored already under the same `clientId`.
package struct SentMessage: Sendable {
    package let room: RoomRef
    package let message: Message
    package let isNew: Bool

    package init(room: RoomRef, message: Message, isNew: Bool) {
        self.room = room
        self.message = message
        self.isNew = isNew
    }
}

/// A stretch of a room's history, in ascending `seq`.
package struct HistoryPage: Encodable, Sendable {
    package let epoch: Epoch
    package let messages: [Message]
    /// There are more in the direction that was asked for.
    package let hasMore: Bool

    package init(epoch: Epoch, messages: [Message], hasMore: Bool) {
        self.epoch = epoch
        self.messages = messages
        self.hasMore = hasMore
    }
}

/// Which stretch of a room's history is wanted.
package enum HistoryRange: Hashable, Sendable {
    case newest
    /// The nearest ones older than this.
    case before(Seq)
    /// The nearest ones newer than this.
    case after(Seq)
}
