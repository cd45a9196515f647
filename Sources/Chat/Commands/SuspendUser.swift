package import Model
import Storage

extension Chat {
    /// Keeps somebody out of the whole server for a while. Their sign-ins and sockets end.
    /// - Parameter lasting: 1 second to ten years; `nil` ends a suspension now.
    /// - Throws: `not_allowed`: moderators suspend members and guests; `user_not_found`, `invalid_field`, `last_admin`.
    package func suspend(
        _ username: String, lasting: Seconds?, reason: String = "", by actor: Actor
    ) async throws -> User {
        try actor.require(.moderate)
        let reason = try Rules.reason(reason, limits: limits)
        let until = try lasting.map { .now + (try Self.checked($0)) }
        let user = try await user(named: username)
        if case .person(let principal) = actor {
            let mayAnybody = principal.role.permissions.contains(.administer)
            guard user.id != principal.user, mayAnybody || !user.role.permissions.contains(.moderate) else {
                throw ChatError(.notAllowed, "You may not suspend this person.", field: "username")
            }
        }
        let end = until.map { "until \($0.iso8601)" } ?? ""
        _ = try await stores.users.setSuspended(
            until: until, of: user.id,
            audit: NewAuditEntry(
                until == nil ? .unsuspendUser : .suspendUser, user.username, by: actor.username,
                details: reason.isEmpty ? end : "\(end): \(reason)"))
        if until != nil { publish(.accountDisabled(user.id)) }
        return user
    }
}
