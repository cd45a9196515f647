package import Model

/// What sockets need of the rest of the server: who somebody is, what they receive, and what becomes of a command.
/// The rules behind these answers are not known here.
package protocol SocketGate: Sendable {
    /// The name of the cookie that stands for a signed-in browser.
    var sessionCookie: String { get }

    /// - Throws: a `ChatError` whose code says what was wrong with the credentials.
    func authenticate(_ credentials: SocketCredentials) async throws -> Principal

    /// Checks once more that the sign-in holds, and tells which rooms its socket receives: all of the person's, or
    /// just the one with this slug.
    /// - Throws: as `authenticate`; `room_not_found`, `not_a_member`.
    func subscriptions(of principal: Principal, room: String?) async throws -> [RoomRef]

    /// What this person missed in a room since a position.
    /// - Throws: `room_not_found`, `not_a_member`, `storage_unavailable`.
    func missed(_ room: String, since position: StreamPosition, by principal: Principal) async throws -> MissedMessages

    /// Carries out a command. `reply` is called once, on any thread.
    func handle(
        _ command: Command, from principal: Principal,
        reply: @escaping @Sendable (Result<CommandResult, ChatError>) -> Void)
}
