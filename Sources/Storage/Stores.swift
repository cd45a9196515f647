import Logging

/// The stores by role. `Chat` and `Auth` know these alone, so that another database can stand behind them.
package struct Stores: Sendable {
    package let users: any UserStore
    package let sessions: any SessionStore
    package let rooms: any RoomStore
    package let messages: any MessageStore
    package let invitations: any InvitationStore
    package let audit: any AuditStore
    package let mail: any MailStore
    package let factors: any FactorStore
    package let passkeys: any PasskeyStore
    package let identities: any IdentityStore
    package let attempts: any ProviderAttemptStore
    package let tokens: any TokenStore
    package let bots: any BotStore
    package let incomingHooks: any IncomingHookStore
    package let outgoingHooks: any OutgoingHookStore
    package let emails: any EmailStore
    package let resets: any PasswordResetStore
    package let moderation: any ModerationStore
    package let removals: any RemovalStore
    package let profiles: any ProfileStore

    package init(
        users: any UserStore, sessions: any SessionStore, rooms: any RoomStore, messages: any MessageStore,
        invitations: any InvitationStore, audit: any AuditStore, mail: any MailStore,
        factors: any FactorStore, passkeys: any PasskeyStore, identities: any IdentityStore,
        attempts: any ProviderAttemptStore, emails: any EmailStore, resets: any PasswordResetStore,
        moderation: any ModerationStore, removals: any RemovalStore, tokens: any TokenStore, bots: any BotStore,
        incomingHooks: any IncomingHookStore, outgoingHooks: any OutgoingHookStore, profiles: any ProfileStore
    ) {
        self.users = users
        self.sessions = sessions
        self.rooms = rooms
        self.messages = messages
        self.invitations = invitations
        self.audit = audit
        self.mail = mail
        self.factors = factors
        self.passkeys = passkeys
        self.identities = identities
        self.attempts = attempts
        self.tokens = tokens
        self.bots = bots
        self.incomingHooks = incomingHooks
        self.outgoingHooks = outgoingHooks
        self.emails = emails
        self.resets = resets
        self.moderation = moderation
        self.removals = removals
        self.profiles = profiles
    }

    /// All of them on the embedded database.
    package init(_ database: SQLiteDatabase, cipher: MessageCipher) {
        let messages = SQLiteMessageStore(database, cipher: cipher)
        self.init(
            users: SQLiteUserStore(database), sessions: SQLiteSessionStore(database),
            rooms: SQLiteRoomStore(database), messages: messages,
            invitations: SQLiteInvitationStore(database), audit: SQLiteAuditStore(database),
            mail: SQLiteMailStore(database, cipher: cipher), factors: SQLiteFactorStore(database),
            passkeys: SQLitePasskeyStore(database), identities: SQLiteIdentityStore(database),
            attempts: SQLiteProviderAttemptStore(database), emails: SQLiteEmailStore(database),
            resets: SQLitePasswordResetStore(database), moderation: SQLiteModerationStore(database),
            removals: SQLiteRemovalStore(database, messages: messages),
            tokens: SQLiteTokenStore(database), bots: SQLiteBotStore(database),
            incomingHooks: SQLiteIncomingHookStore(database),
            outgoingHooks: SQLiteOutgoingHookStore(database, cipher: cipher), profiles: SQLiteProfileStore(database))
    }
}
