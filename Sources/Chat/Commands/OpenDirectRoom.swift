import Auth
package import Model
import Storage

extension Chat {
    /// Opens the conversation of a person with one or more others; there is one for each set of people.
    /// - Throws: `not_allowed`, `invalid_field`, `user_not_found`, `too_many_requests`.
    package func openDirectRoom(with usernames: [String], by principal: Principal) async throws -> RoomView {
        try principal.require(.findPeople)
        try searchRate.take(principal.user)
        let names = Set(usernames.map { $0.lowercased() }).union([principal.username])
        guard names.count <= limits.directMembersMax else {
            throw ChatError(
                .invalidField, "A direct room has at most \(limits.directMembersMax) people, you included.",
                field: "usernames")
        }
        var people: Set<UserID> = []
        for name in names.sorted() { people.insert(try await activeUser(named: name).id) }
        guard people.count > 1 else {
            throw ChatError(.invalidField, "Name at least one other person.", field: "usernames")
        }
        return try await stores.rooms.openDirect(between: people, for: principal.user) { [publish] views in
            for (person, view) in views { publish(.roomJoined(person, view)) }
        }
    }

    /// - Throws: `user_not_found`.
    func activeUser(named username: String) async throws -> User {
        guard let user = try await stores.users.user(named: username.lowercased()), !user.isDisabled else {
            throw ChatError(.userNotFound, "There is nobody called \(username.excerpt(64)).", field: "username")
        }
        return user
    }
}
