/// A room as those who look after the server see it.
package struct RoomSummary: Sendable {
    package let slug: String
    package let name: String
    package let kind: RoomKind
    package let members: Int
    package let messages: Seq
    /// A username; `nil` where nobody owns the room.
    package let owner: String?
    package let pace: RoomPace

    package init(
        slug: String, name: String, kind: RoomKind, members: Int, messages: Seq, owner: String?, pace: RoomPace
    ) {
        self.slug = slug
        self.name = name
        self.kind = kind
        self.members = members
        self.messages = messages
        self.owner = owner
        self.pace = pace
    }
}
