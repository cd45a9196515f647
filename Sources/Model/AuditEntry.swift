/// Something that somebody did with power over others, or to the ways into an account. Never changed and never taken back.
package struct AuditEntry: Hashable, Sendable {
    package enum Action: String, CaseIterable, Sendable {
        case setUpServer = "server.set_up"
        case setRole = "user.set_role"
        case disableUser = "user.disable"
        case enableUser = "user.enable"
        case setPassword = "user.set_password"
        case deleteUser = "user.delete"
        case setEmail = "user.set_email"
        case removeSecondFactor = "user.remove_second_factor"
        case endSession = "session.end"
        case createInvitation = "invitation.create"
        case revokeInvitation = "invitation.revoke"
        case suspendUser = "user.suspend"
        case unsuspendUser = "user.unsuspend"
        case changeRoom = "room.change"
        case setRoomRole = "room.set_role"
        case handRoomOver = "room.hand_over"
        case kick = "room.kick"
        case ban = "room.ban"
        case unban = "room.unban"
        case mute = "room.mute"
        case unmute = "room.unmute"
        case removeMessage = "message.remove"
        case resolveReport = "report.resolve"
        case dismissReport = "report.dismiss"
        case addProvider = "account.add_provider"
        case removeProvider = "account.remove_provider"
        case addPasskey = "account.add_passkey"
        case removePasskey = "account.remove_passkey"
        /// Its counter did not rise: there may be a copy of it.
        case passkeyCopied = "account.passkey_copied"
        case createBot = "bot.create"
        case deleteBot = "bot.delete"
        case createBotToken = "bot.create_token"
        case revokeBotToken = "bot.revoke_token"
        case createHook = "hook.create"
        case renewHook = "hook.renew"
        case disableHook = "hook.disable"
        case enableHook = "hook.enable"
        case deleteHook = "hook.delete"
    }

    /// Rises by one with each entry.
    package let id: Int64
    package let at: Timestamp
    /// The username of who did it; `nil` for the operator at the command line.
    package let actor: String?
    package let action: Action
    /// Whom or what it was done to: a username, or the number of a thing.
    package let target: String
    /// What else there is to know, such as the new role.
    package let details: String

    package init(id: Int64, at: Timestamp, actor: String?, action: Action, target: String, details: String) {
        self.id = id
        self.at = at
        self.actor = actor
        self.action = action
        self.target = target
        self.details = details
    }
}

/// An entry to be made, together with what it is about.
package struct NewAuditEntry: Hashable, Sendable {
    package let actor: String?
    package let action: AuditEntry.Action
    package let target: String
    package let details: String

    /// - Parameter actor: `nil` for the operator at the command line.
    package init(_ action: AuditEntry.Action, _ target: String, by actor: String?, details: String = "") {
        self.actor = actor
        self.action = action
        self.target = target
        self.details = details
    }
}
