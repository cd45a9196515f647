import GRDB
package import Model

extension SQLiteSessionStore {
    package func openSessions(
        before cursor: SessionCursor?, limit: Int, now: Timestamp
    ) async throws -> [PersonSession] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT session.*, user.username AS personUsername, user.name AS personName
                    FROM session JOIN user ON user.id = session.userId
                    WHERE endedAt IS NULL AND expiresAt > ? AND (lastUsedAt, session.id) < (?, ?)
                    ORDER BY lastUsedAt DESC, session.id DESC LIMIT ?
                    """,
                arguments: [
                    now.milliseconds, cursor?.lastUsedAt.milliseconds ?? .max, cursor?.id.rawValue ?? .max, limit,
                ]
            ).map { row in
                PersonSession(
                    username: row["personUsername"], name: row["personName"], session: try SessionView(row: row))
            }
        }
    }
}

extension SessionView {
    /// From a row of the table `session`.
    init(row: Row) throws {
        guard let kind = SessionKind(rawValue: row["kind"]) else { throw ChatError.internal }
        self.init(
            id: SessionID(rawValue: row["id"]), kind: kind, createdAt: Timestamp(milliseconds: row["createdAt"]),
            lastUsedAt: Timestamp(milliseconds: row["lastUsedAt"]), address: row["address"],
            userAgent: row["userAgent"])
    }
}
