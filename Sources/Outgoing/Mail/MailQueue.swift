package import Logging
package import Model
package import Storage

/// Sends what `Mailer` took. One for each database: two would send everything twice.
///
/// A mail is marked as sent after the server took it. The end of the process in between sends it again, with the same
/// Message-ID; none is lost.
package actor MailQueue {
    /// Most mails under way at once.
    private static let parallelMax = 4
    /// Most mails that are read at once.
    private static let batchMax = 100

    private let store: any MailStore
    private let transport: any MailTransport
    private let from: Mailbox
    private let retry: RetryPlan
    private let logger: Logger
    /// Until when nothing is tried, since the server could not be talked to, or the database not be written.
    private var pausedUntil: Timestamp?
    /// Mail that was sent while the database could not be written. It must not be sent again for that.
    private var unmarked: Set<MailID> = []

    private enum Attempt {
        case done
        /// It would be the same for every other mail.
        case inVain
    }

    package init(
        store: any MailStore, transport: any MailTransport, from: Mailbox, retry: RetryPlan, logger: Logger
    ) {
        self.store = store
        self.transport = transport
        self.from = from
        self.retry = retry
        self.logger = logger
    }

    /// Tries each mail whose time has come. Where the server cannot be talked to, it tries no others for a while.
    ///
    /// Call it again only when it has returned.
    package func sendDue(at now: Timestamp) async {
        if let pausedUntil, now < pausedUntil { return }
        pausedUntil = nil
        do {
            var due = try await store.due(at: now, limit: Self.batchMax)[...]
            await withTaskGroup(of: Attempt.self) { group in
                for mail in due.prefix(Self.parallelMax) { group.addTask { await self.attempt(mail, now) } }
                due = due.dropFirst(Self.parallelMax)
                for await attempt in group {
                    if attempt == .inVain { pausedUntil = max(now, .now) + retry.wait }
                    if pausedUntil == nil, !Task.isCancelled, let mail = due.popFirst() {
                        group.addTask { await self.attempt(mail, now) }
                    }
                }
            }
        } catch is CancellationError {
            return
        } catch {
            logger.error("mail could not be looked up", metadata: ["error": "\(error)"])
        }
    }

    private func attempt(_ mail: DueMail, _ now: Timestamp) async -> Attempt {
        do {
            if unmarked.contains(mail.id) {
                try await store.markSent(mail.id, at: now)
                unmarked.remove(mail.id)
                return .done
            }
            guard now < mail.expiresAt else {
                try await giveUp(mail, now, "It was not taken in time.")
                return .done
            }
            guard let message = message(mail) else {
                try await giveUp(mail, now, "It cannot be read: it is damaged, or its key is missing.")
                return .done
            }
            return try await send(message, mail, now)
        } catch is CancellationError {
            return .inVain
        } catch {
            logger.error(
                "what became of a mail could not be noted",
                metadata: ["mail": "\(mail.id.rawValue)", "error": "\(error)"])
            return .inVain
        }
    }

    private func send(_ message: MailMessage, _ mail: DueMail, _ now: Timestamp) async throws -> Attempt {
        do {
            _ = try await transport.send(message)
        } catch let fault as MailFault where fault.kind == .never {
            try await giveUp(mail, now, fault.description)
            return .done
        } catch let fault as MailFault {
            // An attempt may have taken as long as the wait.
            let next = max(now, .now) + retry.wait(after: mail.attempts + 1)
            if next < mail.expiresAt {
                try await store.postpone(mail.id, until: next, error: fault.description)
                logger.warning(
                    "a mail waits",
                    metadata: [
                        "mail": "\(mail.id.rawValue)", "until": "\(next.iso8601)", "error": "\(fault.description)",
                    ])
            } else {
                try await giveUp(mail, now, fault.description)
            }
            return fault.kind == .unreachable ? .inVain : .done
        }
        unmarked.insert(mail.id)
        try await store.markSent(mail.id, at: .now)
        unmarked.remove(mail.id)
        logger.info("a mail was sent", metadata: ["mail": "\(mail.id.rawValue)"])
        return .done
    }

    private func giveUp(_ mail: DueMail, _ now: Timestamp, _ error: String) async throws {
        try await store.giveUp(mail.id, at: now, error: error)
        logger.error("a mail was given up", metadata: ["mail": "\(mail.id.rawValue)", "error": "\(error)"])
    }

    private func message(_ mail: DueMail) -> MailMessage? {
        guard let letter = mail.letter, let recipient = try? EmailAddress(mail.recipient) else { return nil }
        return try? MailMessage(
            from: from, to: recipient, letter: letter, id: mail.messageID, date: mail.createdAt)
    }
}
