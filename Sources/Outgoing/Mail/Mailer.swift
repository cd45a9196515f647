package import Model
package import Storage

/// Takes mail to be sent. It is on disk when `enqueue` returns, and goes out when the mail server takes it.
package struct Mailer: Sendable {
    package let from: Mailbox
    private let store: any MailStore
    private let retry: RetryPlan
    /// One for each mail or more that came since the last one was taken.
    package let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    package init(from: Mailbox, store: any MailStore, retry: RetryPlan) {
        self.from = from
        self.store = store
        self.retry = retry
        (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// - Parameter usefulFor: after which it is not sent any more, as a code that has expired; no longer than other mail.
    /// - Throws: `MailMessageError` for a letter that no mail can be made of; nothing is then kept.
    @discardableResult
    package func enqueue(
        _ letter: Letter, to recipient: EmailAddress, usefulFor: Seconds? = nil
    ) async throws -> MailID {
        let now = Timestamp.now
        let message = try MailMessage(from: from, to: recipient, letter: letter, id: MailMessage.makeID(), date: now)
        let duration = min(usefulFor?.count ?? retry.duration.count, retry.duration.count)
        let id = try await store.enqueue(
            NewMail(
                messageID: message.id, recipient: recipient, letter: letter, createdAt: now,
                expiresAt: now + Seconds(duration)))
        arrival.yield()
        return id
    }
}
