import GRDB
package import Model

package struct SQLiteTokenStore: TokenStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(_ new: NewToken, max: Int, audit: NewAuditEntry?) async throws -> PersonalToken {
        try await database.writes.write { db in
            let count = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM session WHERE userId = ? AND \(Self.isToken)",
                arguments: [new.user.rawValue])
            guard count ?? 0 < max else {
                throw ChatError(.tooManyTokens, "There are \(max) tokens already. Revoke one that is not used.")
            }
            try db.execute(
                sql: """
                    INSERT INTO session (userId, kind, tokenHash, createdAt, lastUsedAt, expiresAt, name, scopes)
                    VALUES (?, 'api', ?, ?, 0, ?, ?, ?)
                    """,
                arguments: [
                    new.user.rawValue, new.hash, new.createdAt.milliseconds, new.expiresAt.milliseconds, new.name,
                    Grant.stored(new.scopes),
                ])
            let id = db.lastInsertedRowID
            if let audit { try SQLiteAuditStore.append(audit, db) }
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM session WHERE id = ?", arguments: [id]) else {
                throw ChatError.internal
            }
            return PersonalToken(row: row)
        }
    }

    package func tokens(of user: UserID) async throws -> [PersonalToken] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM session WHERE userId = ? AND \(Self.isToken) ORDER BY id DESC",
                arguments: [user.rawValue]
            ).map(PersonalToken.init(row:))
        }
    }

    package func revoke(_ id: SessionID, of user: UserID, audit: NewAuditEntry?) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: "UPDATE session SET endedAt = ? WHERE id = ? AND userId = ? AND \(Self.isToken)",
                arguments: [Timestamp.now.milliseconds, id.rawValue, user.rawValue])
            guard db.changesCount > 0 else { return false }
            if let audit { try SQLiteAuditStore.append(audit, db) }
            return true
        }
    }

    private static let isToken = "scopes IS NOT NULL AND endedAt IS NULL"
}

extension PersonalToken {
    /// From a row of the table `session` that is a token's.
    fileprivate init(row: Row) {
        let grant = Grant(stored: row["scopes"])
        let scopes: Set<Scope> = if case .token(let scopes) = grant { scopes } else { [] }
        let lastUsedAt: Int64 = row["lastUsedAt"]
        self.init(
            id: SessionID(rawValue: row["id"]), name: row["name"] ?? "", scopes: scopes,
            createdAt: Timestamp(milliseconds: row["createdAt"]),
            expiresAt: Timestamp(milliseconds: row["expiresAt"]),
            lastUsedAt: lastUsedAt == 0 ? nil : Timestamp(milliseconds: lastUsedAt), address: row["address"])
    }
}
