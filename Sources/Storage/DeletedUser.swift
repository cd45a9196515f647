package import Model

/// An account that was deleted, and who is to be told.
package struct DeletedUser: Sendable {
    package let id: UserID
    /// What it was called until now.
    package let username: String
    /// What stands in its place.
    package let person: Person
    /// The rooms that the person was in.
    package let rooms: [RoomID]
    package let messages: DeletedMessages
}
