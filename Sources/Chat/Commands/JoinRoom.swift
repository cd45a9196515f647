package import Model
import Storage

extension Chat {
    /// Enters a public room. Being in it already is fine.
    /// - Throws: `not_allowed`, `room_not_found`, `direct_room_fixed`, `banned`.
    package func joinRoom(_ slug: String, by principal: Principal) async throws -> RoomView {
        try principal.require(.joinRooms)
        let user = principal.user
        return try await stores.rooms.join(slug, user: user) { [publish] in publish(.roomJoined(user, $0)) }
    }
}
