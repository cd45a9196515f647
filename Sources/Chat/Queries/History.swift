package import Model
import Storage

extension Chat {
    /// A stretch of a room's messages.
    /// - Throws: `room_not_found`, `not_a_member`, `invalid_field`.
    package func history(
        of slug: String, _ range: HistoryRange, limit: Int, for principal: Principal
    ) async throws -> HistoryPage {
        guard (1...limits.historyPageMax).contains(limit) else {
            throw ChatError(.invalidField, "limit is 1 to \(limits.historyPageMax).", field: "limit")
        }
        return try await hidingRooms(from: principal) {
            try await stores.messages.history(slug, range, limit: limit, for: principal.user)
        }
    }

    /// What a person missed in a room since a position.
    /// - Throws: `room_not_found`, `not_a_member`.
    package func missed(
        in slug: String, since position: StreamPosition, by principal: Principal
    ) async throws -> MissedMessages {
        try await hidingRooms(from: principal) {
            try await stores.messages.missed(
                slug, since: position, limit: limits.resumeMessagesMax, for: principal.user)
        }
    }
}
