package import Model

/// What people say of themselves.
package protocol ProfileStore: Sendable {
    /// What was never set is as in a new `Profile`.
    func profile(of user: UserID, now: Timestamp) async throws -> Profile
    /// Changes what a change names, the name beside it, and nothing else. A name that looks like another person's gets
    /// the username behind it.
    /// - Parameter committed: called after the commit, in commit order, with what is so now and the rooms that the person
    ///   is in.
    func change(
        _ change: ProfileChange, of user: UserID,
        committed: @escaping @Sendable (Person, Profile, [RoomID]) -> Void
    ) async throws
    /// The rooms that two people are both in, but for those between people, as the first sees them.
    func sharedRooms(of user: UserID, with other: UserID) async throws -> [RoomView]
    /// Whether two people are in any room together, those between people included.
    func areTogether(_ user: UserID, _ other: UserID) async throws -> Bool
}
