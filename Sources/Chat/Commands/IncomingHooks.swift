package import Auth
package import Model
import Storage

/// Addresses at which other programs write into a room.
extension Chat {
    /// The one rule of who manages a room's hooks: whoever is in it and may make rooms.
    /// - Throws: `scope_missing`, `room_not_found`, `not_a_member`, `not_allowed`.
    package func requireHooks(of slug: String, by principal: Principal) async throws -> RoomView {
        try principal.require(Access.person)
        let room = try await room(slug, for: principal)
        guard room.isMember else { throw ChatError.notAMember }
        try principal.require(.createRooms)
        guard room.kind != .direct, !principal.isBot else {
            throw ChatError(.notAllowed, "There are no hooks in a conversation of a few people.")
        }
        return room
    }

    package func mayManageHooks(of room: RoomView, _ principal: Principal) -> Bool {
        room.isMember && room.kind != .direct && principal.role.permissions.contains(.createRooms)
    }

    /// - Parameter name: what its messages are from.
    /// - Returns: the token for its address as well, which is nowhere else.
    /// - Throws: as `requireHooks`; `invalid_field`, `too_many_hooks`, `too_many_requests`.
    package func createIncomingHook(
        name: String, in slug: String, by principal: Principal
    ) async throws -> (token: MarkedToken, hook: IncomingHook) {
        let room = try await requireHooks(of: slug, by: principal)
        let name = try Rules.name(name, field: "name", limits: limits)
        try roomRate.take(principal.user)
        let token = MarkedToken(.hook)
        let stem = Rules.slug(fromName: name).prefix(16)
        let number = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        let hook = try await stores.incomingHooks.create(
            NewIncomingHook(
                room: room.ref, maker: principal.user, username: "hook-\(stem.isEmpty ? "" : "\(stem)-")\(number)",
                name: name, tokenHash: token.hash),
            max: limits.hooksMax,
            audit: NewAuditEntry(.createHook, slug, by: principal.username, details: "in: \(name)"))
        return (token, hook)
    }

    /// - Throws: as `requireHooks`.
    package func incomingHooks(of slug: String, for principal: Principal) async throws -> [IncomingHook] {
        try await stores.incomingHooks.hooks(of: requireHooks(of: slug, by: principal).ref.id)
    }

    /// A new token in the place of the old one, which is worth nothing from now on.
    /// - Throws: as `requireHooks`; `hook_not_found`.
    package func renewToken(
        of id: IncomingHookID, in slug: String, by principal: Principal
    ) async throws -> MarkedToken {
        let room = try await requireHooks(of: slug, by: principal)
        let token = MarkedToken(.hook)
        let audit = NewAuditEntry(.renewHook, slug, by: principal.username, details: "in: \(id.rawValue)")
        guard try await stores.incomingHooks.setToken(token.hash, of: id, in: room.ref.id, audit: audit) else {
            throw Self.hookNotFound
        }
        return token
    }

    /// - Throws: as `requireHooks`; `hook_not_found`.
    package func deleteIncomingHook(_ id: IncomingHookID, in slug: String, by principal: Principal) async throws {
        let room = try await requireHooks(of: slug, by: principal)
        let audit = NewAuditEntry(.deleteHook, slug, by: principal.username, details: "in: \(id.rawValue)")
        guard let bot = try await stores.incomingHooks.delete(id, in: room.ref.id, audit: audit) else {
            throw Self.hookNotFound
        }
        publish(.roomLeft(bot, room: room.ref))
    }

    /// Writes into a hook's room.
    ///
    /// - Parameters:
    ///   - username: who it is from, at the other program; stands before the text.
    ///   - clientId: the other program's own id for it, for it to be written once however often it is sent.
    /// - Throws: `hook_not_found`, for a wrong token as well; as `sendMessage`.
    package func write(
        _ text: String, username: String?, clientId: String?, byHook id: IncomingHookID, token: String
    ) async throws -> SentMessage {
        guard let token = MarkedToken(token, .hook),
            let hook = try await stores.incomingHooks.hook(id, tokenHash: token.hash)
        else { throw Self.hookNotFound }
        try hookRate.take(id)
        let name = try username.flatMap { $0.isEmpty ? nil : $0 }.map {
            try Rules.name($0, field: "username", limits: limits)
        }
        // There is no sign-in behind it.
        let bot = Principal(user: hook.bot, session: SessionID(rawValue: 0), grant: .token([.messagesWrite]))
        let sent = try await sendMessage(
            to: hook.room.slug, text: (name.map { "\($0): " } ?? "") + text, clientId: clientId, from: bot)
        // Best effort: the message is what counts.
        try? await stores.incomingHooks.markUsed(id, at: .now)
        return sent
    }

    static let hookNotFound = ChatError(.hookNotFound, "There is no such hook.")
}
