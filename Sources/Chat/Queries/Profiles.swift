import Auth
package import Model
import Storage

extension Chat {
    /// What one says of oneself.
    package func profile(of principal: Principal) async throws -> Profile {
        try await stores.profiles.profile(of: principal.user, now: .now)
    }

    /// Somebody, for whoever may look for people or is in a room with them. Others are told that there is nobody, as
    /// where there is nobody.
    /// - Throws: `user_not_found`, `too_many_requests`.
    package func person(_ username: String, for principal: Principal) async throws -> PersonView {
        try searchRate.take(principal.user)
        let nobody = ChatError(.userNotFound, "There is nobody called \(username.excerpt(64)).")
        guard let user = try await stores.users.user(named: username.lowercased()) else { throw nobody }
        let isSelf = user.id == principal.user
        let mayFind = principal.role.permissions.contains(.findPeople)
        let mayLook: Bool
        if isSelf || mayFind {
            mayLook = true
        } else {
            mayLook = try await stores.profiles.areTogether(principal.user, user.id)
        }
        guard mayLook else { throw nobody }
        return PersonView(
            user: user, profile: try await stores.profiles.profile(of: user.id, now: .now),
            sharedRooms: isSelf ? [] : try await stores.profiles.sharedRooms(of: principal.user, with: user.id),
            canBeWrittenTo: !isSelf && mayFind && !user.isDisabled, canBeSuspended: principal.maySuspend(user))
    }

    /// The status of somebody whom one is in a direct room with.
    package func status(of username: String, for principal: Principal) async throws -> PersonStatus? {
        guard let user = try await stores.users.user(named: username) else { return nil }
        guard try await stores.profiles.areTogether(principal.user, user.id) else { return nil }
        return try await stores.profiles.profile(of: user.id, now: .now).status
    }
}
