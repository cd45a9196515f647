/// The number of an incoming hook.
package struct IncomingHookID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of an outgoing hook.
package struct OutgoingHookID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of one message on its way to one outgoing hook.
package struct DeliveryID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// An address at which other programs write into a room, without the secret in it: of that only a hash is kept.
package struct IncomingHook: Hashable, Sendable {
    package let id: IncomingHookID
    /// Whom its messages are from.
    package let bot: Person
    /// The username of who made it.
    package let maker: String
    package let createdAt: Timestamp
    /// `nil` where it was never used.
    package let lastUsedAt: Timestamp?

    package init(id: IncomingHookID, bot: Person, maker: String, createdAt: Timestamp, lastUsedAt: Timestamp?) {
        self.id = id
        self.bot = bot
        self.maker = maker
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
    }
}

/// An address that what people write in a room is sent to.
package struct OutgoingHook: Hashable, Sendable {
    package let id: OutgoingHookID
    package let address: String
    /// The username of who made it.
    package let maker: String
    package let createdAt: Timestamp
    /// Whether whoever made it may still read the room: a hook does not outlive its maker's rights.
    package let isBacked: Bool
    package let isDisabled: Bool
    /// Why it was disabled, where the server did it.
    package let note: String?
    /// Messages that wait for it.
    package let waiting: Int

    package init(
        id: OutgoingHookID, address: String, maker: String, createdAt: Timestamp, isBacked: Bool, isDisabled: Bool,
        note: String?, waiting: Int
    ) {
        self.id = id
        self.address = address
        self.maker = maker
        self.createdAt = createdAt
        self.isBacked = isBacked
        self.isDisabled = isDisabled
        self.note = note
        self.waiting = waiting
    }
}

/// One message on its way to one outgoing hook, without what is in it.
package struct Delivery: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case waiting(nextAttemptAt: Timestamp)
        case sent(Timestamp)
        case givenUp(Timestamp)
    }

    package let id: DeliveryID
    package let seq: Seq
    package let createdAt: Timestamp
    package let attempts: Int
    /// The HTTP status of the last answer, where there was one.
    package let status: Int?
    /// What the last attempt came to, where it failed.
    package let error: String?
    package let state: State

    package init(
        id: DeliveryID, seq: Seq, createdAt: Timestamp, attempts: Int, status: Int?, error: String?, state: State
    ) {
        self.id = id
        self.seq = seq
        self.createdAt = createdAt
        self.attempts = attempts
        self.status = status
        self.error = error
        self.state = state
    }
}
