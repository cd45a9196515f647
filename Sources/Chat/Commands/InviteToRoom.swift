import Auth
package import Model
import Storage

extension Chat {
    /// Brings somebody into a room that one is in. They are a member at once.
    /// - Throws: `not_allowed`, `too_many_requests`, `room_not_found`, `not_a_member`, `user_not_found`,
    ///   `direct_room_fixed`, `banned`.
    /// - Returns: whom.
    @discardableResult
    package func invite(_ username: String, to slug: String, by principal: Principal) async throws -> Person {
        try principal.require(.findPeople)
        try searchRate.take(principal.user)
        // The room first: who is in none learns nothing of who there is.
        guard try await room(slug, for: principal).isMember else { throw ChatError.notAMember }
        let invited = try await activeUser(named: username)
        _ = try await stores.rooms.invite(invited.id, to: slug, by: principal.user) { [publish] in
            publish(.roomJoined(invited.id, $0))
        }
        return invited.person
    }
}
