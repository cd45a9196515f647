package import Model

/// A mail to be sent.
package struct NewMail: Sendable {
    /// What is before the `@` of its Message-ID, the same each time that it is sent: whoever gets it twice can tell.
    package let messageID: String
    package let recipient: EmailAddress
    package let letter: Letter
    package let createdAt: Timestamp
    /// When it is given up, since it is of no use any more.
    package let expiresAt: Timestamp

    package init(
        messageID: String, recipient: EmailAddress, letter: Letter, createdAt: Timestamp, expiresAt: Timestamp
    ) {
        self.messageID = messageID
        self.recipient = recipient
        self.letter = letter
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// A mail that is to be sent now.
package struct DueMail: Sendable {
    package let id: MailID
    package let messageID: String
    /// As it was when it was enqueued.
    package let recipient: String
    /// `nil` where it cannot be read: it is damaged, or its key is gone.
    package let letter: Letter?
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    /// How often it was tried.
    package let attempts: Int
}

/// What is known of a mail, without what is in it.
package struct MailRecord: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case waiting(nextAttemptAt: Timestamp)
        case sent(Timestamp)
        case failed(Timestamp)
    }

    package let id: MailID
    package let recipient: String
    package let subject: String
    package let createdAt: Timestamp
    package let attempts: Int
    /// What the last attempt came to, where it failed.
    package let lastError: String?
    package let state: State
}

/// Mail on its way out. Texts are kept encrypted, and only for as long as they are needed: they hold codes and links that
/// nobody who reads the database may use.
package protocol MailStore: Sendable {
    /// Once it returns, the mail is on disk.
    func enqueue(_ mail: NewMail) async throws -> MailID
    /// Mail whose time has come, the longest due first.
    func due(at moment: Timestamp, limit: Int) async throws -> [DueMail]
    /// When the next of those that wait is due; `nil` where none waits.
    func nextAttempt() async throws -> Timestamp?
    /// It was taken: its texts are erased.
    func markSent(_ id: MailID, at moment: Timestamp) async throws
    /// It was not taken, and is to be tried again.
    func postpone(_ id: MailID, until: Timestamp, error: String) async throws
    /// It will not be tried again: its texts are erased.
    func giveUp(_ id: MailID, at moment: Timestamp, error: String) async throws
    /// What waits, the next first, and then what was given up, the latest first.
    func unsent(limit: Int) async throws -> [MailRecord]
    func mail(_ id: MailID) async throws -> MailRecord?
    /// Forgets mail that was sent or given up before `moment`.
    func prune(before moment: Timestamp) async throws
}
