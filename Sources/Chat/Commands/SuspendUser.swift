package import Model
import Storage

extension Chat {
    /// Keeps somebody out of the whole server for a while. Their sign-ins and sockets end; their bots, tokens, hooks and
    /// invitations do nothing meanwhile.
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
            guard principal.maySuspend(user) else {
                throw ChatError(.notAllowed, "You may not suspend this person.", field: "username")
            }
        }
        let end = until.map { "until \($0.iso8601)" } ?? ""
        _ = try await stores.users.setSuspended(
            until: until, of: user.id,
            audit: NewAuditEntry(
                until == nil ? .unsuspendUser : .suspendUser, user.username, by: actor.username,
                details: reason.isEmpty ? end : "\(end): \(reason)"))
        if until != nil {
            publish(.accountDisabled(user.id))
            for bot in try await stores.bots.bots(of: user.id) { publish(.accountDisabled(bot.user.id)) }
        }
        return user
    }
}

extension Principal {
    /// Administrators suspend anybody but themselves; moderators, who is neither moderator nor administrator.
    func maySuspend(_ user: User) -> Bool {
        let mine = role.permissions
        return user.id != self.user
            && (mine.contains(.administer) || mine.contains(.moderate) && !user.role.permissions.contains(.moderate))
    }
}
