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
    package let emails: any EmailStore
    package let resets: any PasswordResetStore
    package let profiles: any ProfileStore

    package init(
        users: any UserStore, sessions: any SessionStore, rooms: any RoomStore, messages: any MessageStore,
        invitations: any InvitationStore, audit: any AuditStore, mail: any MailStore,
        factors: any FactorStore, emails: any EmailStore, resets: any PasswordResetStore, profiles: any ProfileStore
    ) {
        self.users = users
        self.sessions = sessions
        self.rooms = rooms
        self.messages = messages
        self.invitations = invitations
        self.audit = audit
        self.mail = mail
        self.factors = factors
        self.emails = emails
        self.resets = resets
        self.profiles = profiles
    }

    /// All of them on the embedded database.
    package init(_ database: SQLiteDatabase, cipher: MessageCipher) {
        self.init(
            users: SQLiteUserStore(database), sessions: SQLiteSessionStore(database),
            rooms: SQLiteRoomStore(database), messages: SQLiteMessageStore(database, cipher: cipher),
            invitations: SQLiteInvitationStore(database), audit: SQLiteAuditStore(database),
            mail: SQLiteMailStore(database, cipher: cipher), factors: SQLiteFactorStore(database),
            emails: SQLiteEmailStore(database), resets: SQLitePasswordResetStore(database),
            profiles: SQLiteProfileStore(database))
    }
}
