import Auth
package import Model
import Storage

extension Chat {
    /// Tells those who look after the room, and after the server, of a message. Its author is not told.
    /// - Throws: `room_not_found`, `not_a_member`, `message_not_found`, `invalid_field`, `too_many_requests`.
    package func report(_ seq: Seq, in slug: String, reason: String, by principal: Principal) async throws {
        try principal.require(.chat)
        let reason = try Rules.reason(reason, limits: limits)
        guard !reason.isEmpty else {
            throw ChatError(.invalidField, "Say in a few words what is wrong with it.", field: "reason")
        }
        try reportRate.take(principal.user)
        try await hidingRooms(from: principal) {
            try await stores.removals.report(seq, in: slug, reason: reason, by: principal.user)
        }
    }

    /// Reports that the person may handle, the newest first; none for somebody who handles none.
    /// - Parameter slug: of one room alone.
    package func reports(
        _ state: Report.State = .open, in slug: String? = nil, before: Int64? = nil, limit: Int = 100,
        for principal: Principal
    ) async throws -> [Report] {
        try principal.require(.chat)
        return try await stores.removals.reports(
            state, in: slug, before: before.map(ReportID.init(rawValue:)), limit: min(max(limit, 1), 200),
            for: principal.user)
    }

    /// - Parameter removes: also takes the message away.
    /// - Throws: `report_not_found`.
    package func resolveReport(_ id: ReportID, removingMessage removes: Bool, by principal: Principal) async throws {
        try await close(id, as: .resolved, removingMessage: removes, by: principal)
    }

    /// - Throws: `report_not_found`.
    package func dismissReport(_ id: ReportID, by principal: Principal) async throws {
        try await close(id, as: .dismissed, removingMessage: false, by: principal)
    }

    private func close(
        _ id: ReportID, as state: Report.State, removingMessage removes: Bool, by principal: Principal
    ) async throws {
        try principal.require(.chat)
        try await stores.removals.close(id, as: state, removingMessage: removes, by: principal.user) {
            [publish] entry, room in
            publish(.messageSent(entry, room: room))
        }
    }
}
