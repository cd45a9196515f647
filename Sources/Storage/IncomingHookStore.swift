package import Foundation
package import Model

/// An incoming hook to be made, with the bot that it writes as. Its fields are already checked.
package struct NewIncomingHook: Sendable {
    package let room: RoomRef
    package let maker: UserID
    package let username: String
    package let name: String
    /// SHA-256 of the token in its address.
    package let tokenHash: Data

    package init(room: RoomRef, maker: UserID, username: String, name: String, tokenHash: Data) {
        self.room = room
        self.maker = maker
        self.username = username
        self.name = name
        self.tokenHash = tokenHash
    }
}

/// Addresses at which other programs write into rooms. Each has a bot of its own, which is in the room.
package protocol IncomingHookStore: Sendable {
    /// - Parameter max: most in one room.
    /// - Throws: `too_many_hooks`; `invalid_field` for a name that looks like a moderator's.
    func create(_ hook: NewIncomingHook, max: Int, audit: NewAuditEntry) async throws -> IncomingHook
    /// Those of a room, the oldest first.
    func hooks(of room: RoomID) async throws -> [IncomingHook]
    /// Whom it writes as and where; `nil` unless the token is its own.
    func hook(_ id: IncomingHookID, tokenHash: Data) async throws -> (bot: User, room: RoomRef)?
    /// - Returns: whether the room has such a hook.
    func setToken(_ hash: Data, of id: IncomingHookID, in room: RoomID, audit: NewAuditEntry) async throws -> Bool
    /// Its bot leaves the room, and its name stays with what it wrote.
    /// - Returns: the bot; `nil` where the room has no such hook.
    func delete(_ id: IncomingHookID, in room: RoomID, audit: NewAuditEntry) async throws -> UserID?
    func markUsed(_ id: IncomingHookID, at moment: Timestamp) async throws
}
