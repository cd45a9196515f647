import Foundation
package import Model
import Synchronization

/// One-use tickets for opening a socket where neither a header nor a cookie can be sent.
///
/// They live in memory, on the node that gave them out, for `lifetime`.
package final class Tickets: Sendable {
    private struct Ticket {
        let session: SessionID
        let expiresAt: Timestamp
    }

    package let lifetime: Seconds
    private let countMax: Int
    private let tickets = Mutex<[Data: Ticket]>([:])

    package init(lifetime: Seconds, countMax: Int = 10_000) {
        self.lifetime = lifetime
        self.countMax = countMax
    }

    /// - Throws: `too_busy` when very many tickets are out.
    package func issue(for session: SessionID, now: Timestamp = .now) throws -> String {
        let token = OpaqueToken()
        try tickets.withLock { tickets in
            if tickets.count >= countMax { tickets = tickets.filter { $0.value.expiresAt > now } }
            guard tickets.count < countMax else {
                throw ChatError(.tooBusy, "Too many tickets are out just now. Try again in a moment.")
            }
            tickets[token.hash] = Ticket(session: session, expiresAt: now + lifetime)
        }
        return token.text
    }

    /// - Throws: `ticket_invalid`.
    package func redeem(_ text: String, now: Timestamp = .now) throws -> SessionID {
        let ticket = tickets.withLock { $0.removeValue(forKey: OpaqueToken(text).hash) }
        guard let ticket, ticket.expiresAt > now else {
            throw ChatError(.ticketInvalid, "This ticket has been used, has expired, or never was.")
        }
        return ticket.session
    }
}
