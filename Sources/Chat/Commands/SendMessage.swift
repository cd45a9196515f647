import Auth
package import Model
import Storage

extension Chat {
    /// Says something in a room.
    ///
    /// - Parameter completion: called once, after the commit and after the event was published.
    ///   Errors: `too_many_requests`, `text_empty`, `text_too_long`, `invalid_field`, `room_not_found`, `not_a_member`,
    ///   `text_refused`, `muted`, `room_locked`, `announcements_only`, `slow_mode`, `storage_unavailable`.
    package func sendMessage(
        to room: String, text: String, clientId: String?, from principal: Principal,
        completion: @escaping @Sendable (Result<SentMessage, ChatError>) -> Void
    ) {
        let message: NewMessage
        do throws(ChatError) {
            try principal.require(.chat)
            try messageRate.take(principal.user)
            message = NewMessage(
                room: room, sender: principal.user, text: try checked(text),
                clientId: try clientId.map { id throws(ChatError) in try Rules.clientId(id, limits: limits) })
        } catch {
            return completion(.failure(error))
        }
        stores.messages.append(message) { [publish] stored in
            let result = Self.hidingRooms(from: principal, stored)
            if case .success(let sent) = result, sent.isNew {
                publish(.messageSent(sent.message, room: sent.room))
            }
            completion(result)
        }
    }

    private func checked(_ text: String) throws(ChatError) -> String {
        let text = try Rules.text(text, limits: limits)
        return if let filter = limits.wordFilter { try filter.checked(text) } else { text }
    }

    /// The same for callers that wait.
    package func sendMessage(
        to room: String, text: String, clientId: String?, from principal: Principal
    ) async throws -> SentMessage {
        try await withCheckedThrowingContinuation { continuation in
            sendMessage(to: room, text: text, clientId: clientId, from: principal) { continuation.resume(with: $0) }
        }
    }
}
