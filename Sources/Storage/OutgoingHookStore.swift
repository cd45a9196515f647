package import Model

/// An outgoing hook to be made. Its fields are already checked.
package struct NewOutgoingHook: Sendable {
    package let room: RoomRef
    package let maker: UserID
    package let address: String
    /// What its messages are signed with, `whsec_…`.
    package let secret: String

    package init(room: RoomRef, maker: UserID, address: String, secret: String) {
        self.room = room
        self.maker = maker
        self.address = address
        self.secret = secret
    }
}

/// A message that is to be sent to a hook now.
package struct DueDelivery: Sendable {
    package let id: DeliveryID
    package let hook: OutgoingHookID
    /// The same each time that it is sent: whoever gets it twice can tell.
    package let webhookID: String
    package let address: String
    /// `nil` where it cannot be read: it is damaged, or its key is gone.
    package let secret: String?
    package let roomSlug: String
    package let roomName: String
    /// `nil` where it is gone.
    package let message: Message?
    package let createdAt: Timestamp
    /// How often it was tried.
    package let attempts: Int
}

/// What came of an attempt.
package struct DeliveryAnswer: Hashable, Sendable {
    /// The HTTP status, where there was an answer.
    package let status: Int?
    /// `nil` where the message was taken.
    package let error: String?

    package init(status: Int?, error: String?) {
        self.status = status
        self.error = error
    }
}

/// Addresses that what people write in rooms is sent to.
///
/// The room is the queue: a hook remembers up to which message it has got, and `harvest` makes deliveries of what came
/// since. Sending a message therefore costs the same whether there are hooks or not, and none is lost, whenever the
/// process ends.
package protocol OutgoingHookStore: Sendable {
    /// It gets what is written from now on.
    /// - Parameter max: most in one room.
    /// - Throws: `too_many_hooks`.
    func create(_ hook: NewOutgoingHook, max: Int, audit: NewAuditEntry) async throws -> OutgoingHook
    /// Those of a room, the oldest first.
    func hooks(of room: RoomID) async throws -> [OutgoingHook]
    func hook(_ id: OutgoingHookID, in room: RoomID) async throws -> OutgoingHook?
    /// - Returns: whether the room has such a hook.
    func setSecret(_ secret: String, of id: OutgoingHookID, in room: RoomID, audit: NewAuditEntry) async throws -> Bool
    /// Disables it, or enables it again: it then begins with what is written from now on, and what waited is given up.
    func setDisabled(_ isDisabled: Bool, of id: OutgoingHookID, in room: RoomID, audit: NewAuditEntry) async throws
        -> Bool
    func delete(_ id: OutgoingHookID, in room: RoomID, audit: NewAuditEntry) async throws -> Bool

    /// Makes deliveries of what people wrote since the last time. What bots wrote is left out, so that two programs do not
    /// talk to each other for ever; so is everything where whoever made the hook may not read the room any more.
    /// - Parameter waitingMax: a hook for which so many wait gets no more until some are done.
    func harvest(at moment: Timestamp, waitingMax: Int) async throws
    /// Deliveries whose time has come, the longest due of each hook first.
    /// - Parameter perHook: most of one hook.
    func due(at moment: Timestamp, perHook: Int) async throws -> [DueDelivery]
    func markSent(_ id: DeliveryID, _ answer: DeliveryAnswer, at moment: Timestamp) async throws
    func postpone(_ id: DeliveryID, _ answer: DeliveryAnswer, until: Timestamp) async throws
    /// It will not be tried again.
    /// - Parameters:
    ///   - failuresMax: after so many in a row the hook is disabled.
    ///   - note: why the hook is disabled at once; `nil` where it is not.
    /// - Returns: whether the hook was disabled.
    func giveUp(
        _ id: DeliveryID, _ answer: DeliveryAnswer, at moment: Timestamp, failuresMax: Int, note: String?
    ) async throws -> Bool

    /// The latest first.
    func deliveries(to id: OutgoingHookID, limit: Int) async throws -> [Delivery]
    /// Sends one once more, that was sent or given up.
    /// - Returns: whether the hook has such a one.
    func resend(_ id: DeliveryID, to hook: OutgoingHookID, at moment: Timestamp) async throws -> Bool
    /// Forgets what is done, but the latest of each hook.
    func prune(keeping count: Int) async throws
    /// Encrypts secrets anew that are under another key than the current one.
    func reencryptSecrets() async throws
}
