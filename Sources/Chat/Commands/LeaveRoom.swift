package import Model
import Storage

extension Chat {
    /// Leaves a room. Not being in it is fine.
    /// - Throws: `room_not_found`, `direct_room_fixed`.
    package func leaveRoom(_ slug: String, by principal: Principal) async throws {
        _ = try await room(slug, for: principal)
        let user = principal.user
        try await stores.rooms.leave(slug, user: user) { [self] in tell($0, exit: .choice) }
    }
}
