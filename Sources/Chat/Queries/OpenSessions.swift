package import Model
import Storage

extension Chat {
    /// Who is signed in, and with what: those used last first.
    /// - Parameters:
    ///   - before: only those behind this one.
    ///   - limit: 1 to 500.
    /// - Throws: `not_allowed`.
    package func openSessions(
        before cursor: SessionCursor?, limit: Int, for principal: Principal
    ) async throws -> [PersonSession] {
        try principal.require(.administer)
        return try await stores.sessions.openSessions(before: cursor, limit: min(max(limit, 1), 500), now: .now)
    }
}
