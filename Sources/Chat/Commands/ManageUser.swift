import Auth
package import Model
import Storage

/// Who does something with power over others.
package enum Actor: Sendable {
    /// At the command line of the server.
    case operatorOfServer
    case person(Principal)

    /// For the audit log.
    var username: String? {
        switch self {
        case .operatorOfServer: nil
        case .person(let principal): principal.username
        }
    }

    /// - Throws: `not_allowed`.
    func require(_ permission: Permission) throws(ChatError) {
        if case .person(let principal) = self { try principal.require(permission) }
    }
}

extension Chat {
    /// Disables an account, or enables it again. Its sign-ins and sockets end.
    /// - Throws: `not_allowed`, `user_not_found`, `last_admin`.
    package func setDisabled(_ isDisabled: Bool, username: String, by actor: Actor) async throws -> User {
        try actor.require(.administer)
        let user = try await user(named: username)
        guard user.isDisabled != isDisabled || user.suspendedUntil != nil else { return user }
        _ = try await stores.users.setDisabled(
            isDisabled, of: user.id,
            audit: NewAuditEntry(isDisabled ? .disableUser : .enableUser, user.username, by: actor.username))
        if isDisabled { publish(.accountDisabled(user.id)) }
        return user
    }

    /// Who lacks the second factor that the new role asks for is signed out, and meets that when they sign in again.
    /// - Throws: `not_allowed`, `user_not_found`, `last_admin`.
    package func setRole(_ role: Role, username: String, by actor: Actor) async throws -> User {
        try actor.require(.administer)
        let user = try await user(named: username)
        guard user.role != role else { return user }
        guard !user.isBot || role == .member || role == .guest else {
            throw ChatError(.invalidField, "A bot is a member or a guest.", field: "role")
        }
        let details = "\(user.role.rawValue) to \(role.rawValue)"
        _ = try await stores.users.setRole(
            role, of: user.id, audit: NewAuditEntry(.setRole, user.username, by: actor.username, details: details))
        publish(.roleChanged(user.id, role))
        if try await authenticator.factorPolicy.isUnmet(by: user.id, as: role) {
            try await endSessions(of: user.id, but: nil)
        }
        return user
    }

    /// Gives somebody a new password. Their sign-ins and sockets end.
    /// - Throws: `not_allowed`, `user_not_found`, `invalid_field`.
    package func setPassword(_ password: String, username: String, by actor: Actor) async throws -> User {
        try actor.require(.administer)
        let user = try await user(named: username)
        let ended = try await authenticator.setPassword(
            password, of: user.id, audit: NewAuditEntry(.setPassword, user.username, by: actor.username))
        if !ended.isEmpty { publish(.sessionsEnded(Set(ended))) }
        tell(.passwordChanged, user.id)
        return user
    }

    /// For somebody who lost their telephone and their recovery codes.
    /// - Throws: `not_allowed`, `user_not_found`.
    /// - Returns: whether they had a second factor.
    package func removeSecondFactor(username: String, by actor: Actor) async throws -> Bool {
        try actor.require(.administer)
        let user = try await user(named: username)
        let had = try await authenticator.twoFactor.remove(
            of: user.id, audit: NewAuditEntry(.removeSecondFactor, user.username, by: actor.username))
        if had { tell(.secondFactorOff, user.id) }
        if had, try await authenticator.factorPolicy.isUnmet(by: user.id, as: user.role) {
            try await endSessions(of: user.id, but: nil)
        }
        return had
    }

    /// Makes an address somebody's without a code: the operator vouches for it.
    /// - Parameter address: `nil` takes it away.
    /// - Throws: `not_allowed`, `user_not_found`, `email_taken`.
    package func setEmail(_ address: EmailAddress?, username: String, by actor: Actor) async throws -> User {
        try actor.require(.administer)
        let user = try await user(named: username)
        // The address itself is nobody's business in a log that can never be changed.
        let entry = NewAuditEntry(
            .setEmail, user.username, by: actor.username, details: address == nil ? "removed" : "set")
        let before =
            if let address {
                try await stores.emails.setVerified(address, of: user.id, at: .now, audit: entry)
            } else {
                try await stores.emails.remove(of: user.id, audit: entry)
            }
        if let before, before.normalized != address?.normalized {
            tell(.emailChanged(new: address), user.id, at: before)
        }
        return user
    }

    func user(named username: String) async throws -> User {
        guard let user = try await stores.users.user(named: username.lowercased()) else {
            throw ChatError(.userNotFound, "There is nobody called \(username.excerpt(64)).", field: "username")
        }
        return user
    }
}
