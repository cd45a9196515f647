package import Model

/// A room to be made. Its fields are already checked (`Rules`).
package struct NewRoom: Sendable {
    package let name: String
    package let topic: String
    /// `public` or `private`; direct rooms are opened, not made.
    package let kind: RoomKind
    /// Wanted exactly like this, or made from the name with a number where that is taken.
    package let slug: SlugChoice

    package enum SlugChoice: Sendable {
        case exactly(String)
        case like(String)
    }

    package init(name: String, topic: String, kind: RoomKind, slug: SlugChoice) {
        self.name = name
        self.topic = topic
        self.kind = kind
        self.slug = slug
    }
}

/// Rooms and who is in them.
///
/// A method that changes something calls `committed` once, after the commit and before it returns. Over all
/// stores of one database these calls come one at a time, in commit order: publish there, and nowhere else.
/// A room that a person may not see is treated as one that does not exist: `room_not_found`.
package protocol RoomStore: Sendable {
    /// - Throws: `slug_taken`, for a slug wanted exactly.
    func create(_ room: NewRoom, by user: UserID?, committed: @escaping @Sendable (RoomView) -> Void) async throws
        -> RoomView
    /// The direct room of exactly these people, made if there is none. `committed` is called only when it was made,
    /// with the room as each of them sees it.
    /// - Returns: the room as `user` sees it.
    func openDirect(
        between people: Set<UserID>, for user: UserID, committed: @escaping @Sendable ([UserID: RoomView]) -> Void
    ) async throws -> RoomView
    /// Puts a person into a room they can see. Nothing happens, and `committed` is not called, if they are in it.
    /// - Throws: `room_not_found`, `direct_room_fixed`, `banned`.
    func join(
        _ slug: String, user: UserID, committed: @escaping @Sendable (RoomView) -> Void
    ) async throws -> RoomView
    /// Takes a person out of a room. Nothing happens, and `committed` is not called, if they are not in it. The moderator
    /// who has been there longest becomes the owner of a room that loses its own.
    /// - Throws: `room_not_found`, `direct_room_fixed`.
    func leave(_ slug: String, user: UserID, committed: @escaping @Sendable (Removed) -> Void) async throws
    /// Puts somebody else into a room that `user` is in.
    /// - Throws: `room_not_found`, `not_a_member`, `direct_room_fixed`, `banned`.
    /// - Returns: the room as the invited person sees it.
    func invite(
        _ invited: UserID, to slug: String, by user: UserID, committed: @escaping @Sendable (RoomView) -> Void
    ) async throws -> RoomView
    /// - Throws: `room_not_found`.
    func room(_ slug: String, for user: UserID) async throws -> RoomView
    /// The rooms that a person is in and the public ones, in the order of their names.
    func rooms(for user: UserID) async throws -> [RoomView]
    /// The rooms whose events a person receives.
    func memberships(of user: UserID) async throws -> [RoomRef]
    /// For its members, and those who look after it.
    /// - Throws: `room_not_found`, `not_a_member`.
    func members(of slug: String, for user: UserID) async throws -> [RoomMember]
    /// Everybody who shares a room of at most `membersMax` people with a person, without the person.
    func neighbours(of user: UserID, membersMax: Int) async throws -> [Neighbour]
    /// All rooms but the direct ones, for the operator.
    func allRooms() async throws -> [RoomSummary]
}

/// Somebody who shares a room with somebody.
package struct Neighbour: Hashable, Sendable {
    package let user: UserID
    package let username: String

    package init(user: UserID, username: String) {
        self.user = user
        self.username = username
    }
}
