package import Auth
package import Model
import Storage

/// Bots are made by administrators, and where the setting allows it by members. Whoever made one answers for it.
extension Chat {
    package func mayMakeBots(_ principal: Principal) -> Bool {
        guard principal.grant == .person, !principal.isBot else { return false }
        let permission = limits.membersMakeBots ? Permission.createRooms : .administer
        return principal.role.permissions.contains(permission)
    }

    /// - Throws: `scope_missing`, `not_allowed`, `email_unverified`.
    private func requireBotMaker(_ principal: Principal) throws {
        try principal.require(Access.person)
        guard mayMakeBots(principal) else {
            throw ChatError(.notAllowed, "Bots are made by the administrators of this server.")
        }
        // A bot has no address to verify: it must not be the way around one's own.
        if !principal.role.permissions.contains(.administer) { try principal.requireVerified() }
    }

    /// - Throws: `scope_missing`, `not_allowed`, `email_unverified`, `invalid_field`, `username_taken`, `too_many_bots`,
    ///   `too_many_requests`.
    package func createBot(username: String, name: String, by principal: Principal) async throws -> User {
        try requireBotMaker(principal)
        let username = try Rules.allowed(Rules.username(username), field: "username", limits: limits)
        let name = try Rules.name(name.isEmpty ? username : name, field: "name", limits: limits)
        try roomRate.take(principal.user)
        return try await stores.bots.create(
            username: username, name: name, owner: principal.user, max: limits.botsMax,
            audit: NewAuditEntry(.createBot, username, by: principal.username))
    }

    /// One's own; all of them for administrators who ask for all.
    /// - Throws: `scope_missing`, `not_allowed`.
    package func bots(all: Bool = false, for principal: Principal) async throws -> [Bot] {
        try principal.require(Access.person)
        if all { try principal.require(.administer) }
        return try await stores.bots.bots(of: all ? nil : principal.user)
    }

    /// A bot that one answers for; any for administrators.
    /// - Throws: `scope_missing`, `bot_not_found`.
    package func bot(_ username: String, for principal: Principal) async throws -> Bot {
        try principal.require(Access.person)
        guard let found = try await stores.bots.bot(named: username),
            found.owner == principal.user || principal.role.permissions.contains(.administer)
        else { throw ChatError(.botNotFound, "There is no such bot, or it is not yours.") }
        return found.bot
    }

    /// What an administrator has disabled, administrators enable.
    /// - Throws: as `bot`, and `not_allowed`.
    package func setBotDisabled(_ isDisabled: Bool, username: String, by principal: Principal) async throws {
        let user = try await bot(username, for: principal).user
        guard user.isDisabled != isDisabled else { return }
        if !isDisabled, !principal.role.permissions.contains(.administer) {
            try requireBotMaker(principal)
            let entries = try await stores.audit.entries(about: user.username)
            let last = entries.first { $0.action == .disableUser && $0.target == user.username }
            guard last?.actor == principal.username else {
                throw ChatError(.notAllowed, "An administrator has disabled this bot.")
            }
        }
        _ = try await stores.users.setDisabled(
            isDisabled, of: user.id,
            audit: NewAuditEntry(isDisabled ? .disableUser : .enableUser, user.username, by: principal.username))
        if isDisabled { publish(.accountDisabled(user.id)) }
    }

    /// Ends a bot for good. What it wrote stays.
    /// - Throws: as `bot`.
    package func deleteBot(_ username: String, by principal: Principal) async throws {
        let user = try await bot(username, for: principal).user
        let publish = publish
        _ = try await stores.bots.delete(
            user.id, audit: NewAuditEntry(.deleteBot, user.username, by: principal.username)
        ) { rooms in
            for room in rooms { publish(.roomLeft(user.id, room: room)) }
            publish(.accountDisabled(user.id))
        }
    }

    /// Makes an access token for a bot. The password is that of whoever makes it.
    /// - Throws: as `createToken`, `bot_not_found`, `not_allowed`.
    package func createToken(
        forBot username: String, name: String, scopes: Set<Scope>, days: Int64, password: String,
        by principal: Principal, from client: Client
    ) async throws -> (token: MarkedToken, record: PersonalToken) {
        let user = try await bot(username, for: principal).user
        try requireBotMaker(principal)
        let name = try checkToken(name: name, scopes: scopes, days: days)
        try await authenticator.confirm(password, of: principal, field: "password", from: client)
        try roomRate.take(principal.user)
        return try await authenticator.makeToken(
            for: user.id, name: name, scopes: scopes, lasting: .days(days),
            audit: NewAuditEntry(
                .createBotToken, user.username, by: principal.username, details: Grant.stored(scopes)))
    }

    /// - Throws: as `bot`.
    package func tokens(ofBot username: String, for principal: Principal) async throws -> [PersonalToken] {
        try await stores.tokens.tokens(of: bot(username, for: principal).user.id)
    }

    /// - Throws: as `bot`, and `token_not_found`.
    package func revokeToken(_ id: SessionID, ofBot username: String, by principal: Principal) async throws {
        let user = try await bot(username, for: principal).user
        try await revokeToken(
            id, of: user.id, audit: NewAuditEntry(.revokeBotToken, user.username, by: principal.username))
    }
}
