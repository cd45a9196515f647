package import Model
import Storage

extension Chat {
    /// Brings somebody into a room that one is in. They are a member at once.
    /// - Throws: `room_not_found`, `not_a_member`, `user_not_found`, `direct_room_fixed`.
    /// - Returns: whom.
    @discardableResult
    package func invite(_ username: String, to slug: String, by principal: Principal) async throws -> Person {
        let invited = try await activeUser(named: username)
        _ = try await stores.rooms.invite(invited.id, to: slug, by: principal.user) { [publish] in
            publish(.roomJoined(invited.id, $0))
        }
        return invited.person
    }
}
