import Auth
package import Model
import Storage

extension Chat {
    /// Deletes one's own account, for good: nobody gets its username again. Its sign-ins and sockets end.
    /// - Parameter code: of the second factor, where there is one.
    /// - Throws: `invalid_field` with the field `password`, or `sign_in_again` where there is no password and the sign-in is
    ///   not recent; `code_required`, `code_wrong`; `last_admin`;
    ///   `too_many_requests`.
    package func deleteAccount(
        password: String, code: String, by principal: Principal, client: Client
    ) async throws {
        try await authenticator.confirm(password, of: principal, field: "password", from: client)
        if try await !authenticator.twoFactor.kinds(of: principal.user).isEmpty {
            guard !code.isEmpty else {
                throw ChatError(.codeRequired, "A code of your app, or a recovery code, is needed.", field: "code")
            }
            let user = try await authenticator.pendingUser(principal.user)
            try await authenticator.twoFactor.check(code, of: user, from: client)
        }
        try await delete(principal.user, principal.username, by: principal.username)
    }

    /// Deletes somebody's account.
    /// - Throws: `not_allowed`, `user_not_found`, `last_admin`.
    /// - Returns: what they were called.
    @discardableResult
    package func deleteUser(username: String, by actor: Actor) async throws -> Person {
        try actor.require(.administer)
        guard let user = try await stores.users.user(named: username.lowercased()) else {
            throw ChatError(.userNotFound, "There is nobody called \(username.excerpt(64)).", field: "username")
        }
        try await delete(user.id, user.username, by: actor.username)
        return user.person
    }

    private func delete(_ id: UserID, _ username: String, by actor: String?) async throws {
        let messages = limits.deletedMessages
        let audit = NewAuditEntry(.deleteUser, username, by: actor, details: "messages: \(messages.rawValue)")
        try await stores.users.delete(id, messages: messages, audit: audit) { [publish] gone in
            publish(
                .personChanged(
                    PersonChange(
                        user: gone.id, username: gone.username, person: gone.person, status: nil,
                        hasLostMessages: gone.messages == .remove), rooms: gone.rooms))
            publish(.accountDisabled(gone.id))
        }
    }
}
