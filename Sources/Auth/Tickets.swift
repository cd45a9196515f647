import Foundation
package import Model
import Synchronization

/// One-use tickets for opening a socket where neither a header nor a cookie can be sent.
///
/// They live in memory, on the node that gave them out, for `lifetime`. They are bounded in number, of each person and
/// altogether: the oldest makes room.
package final class Tickets: Sendable {
    private struct Ticket {
        let session: SessionID
        let expiresAt: Timestamp
    }

    package let lifetime: Seconds
    private let tickets: Mutex<OneUsePool<UserID, Ticket>>

    package init(lifetime: Seconds, countMax: Int = 10_000, perPersonMax: Int = 20) {
        self.lifetime = lifetime
        tickets = Mutex(OneUsePool(countMax: countMax, ownerMax: perPersonMax))
    }

    /// - Parameter user: whose session it is.
    package func issue(for session: SessionID, of user: UserID, now: Timestamp = .now) -> String {
        let token = OpaqueToken()
        let ticket = Ticket(session: session, expiresAt: now + lifetime)
        tickets.withLock { $0.put(ticket, as: token.hash, of: user) }
        return token.text
    }

    /// - Throws: `ticket_invalid`.
    package func redeem(_ text: String, now: Timestamp = .now) throws -> SessionID {
        let ticket = tickets.withLock { $0.take(OpaqueToken(text).hash) }
        guard let ticket, ticket.expiresAt > now else {
            throw ChatError(.ticketInvalid, "This ticket has been used, has expired, or never was.")
        }
        return ticket.session
    }
}
