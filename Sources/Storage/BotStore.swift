package import Model

/// Bots: accounts without a password, and who answers for each. `UserStore` finds them like everybody else.
package protocol BotStore: Sendable {
    /// - Parameter max: most bots of one owner.
    /// - Throws: `username_taken`, `too_many_bots`; `invalid_field` for a name that looks like a moderator's.
    func create(username: String, name: String, owner: UserID, max: Int, audit: NewAuditEntry) async throws -> User
    /// Those that were not deleted, in the order of their usernames.
    /// - Parameter owner: `nil` for everybody's.
    func bots(of owner: UserID?) async throws -> [Bot]
    /// `nil` where there is no such bot, or it was deleted.
    func bot(named username: String) async throws -> (bot: Bot, owner: UserID)?
    /// Ends it for good: it is disabled, its tokens end, and it leaves its rooms. Its name stays with what it wrote, and is
    /// not given out again.
    /// - Parameter committed: told each room that it left.
    func delete(
        _ id: UserID, audit: NewAuditEntry, committed: @escaping @Sendable ([RoomRef]) -> Void
    ) async throws -> Bool
}
