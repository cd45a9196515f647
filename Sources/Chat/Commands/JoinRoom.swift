package import Model
import Storage

extension Chat {
    /// Enters a public room. Being in it already is fine.
    /// - Throws: `room_not_found`, `direct_room_fixed`.
    package func joinRoom(_ slug: String, by user: UserID) async throws -> RoomView {
        try await stores.rooms.join(slug, user: user) { [publish] in publish(.roomJoined(user, $0)) }
    }
}
