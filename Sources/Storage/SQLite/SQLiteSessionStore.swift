package import Foundation
import GRDB
package import Model

package struct SQLiteSessionStore: SessionStore {
    let database: SQLiteDatabase
    /// Open sign-ins of one person.
    static let openMax = 100

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(_ new: NewSession, refreshToken: NewRefreshToken?) async throws -> SessionID {
        try await database.writes.write { db in
            try Self.checkPassword(new, db)
            try db.cachedStatement(
                sql: """
                    INSERT INTO session (
                        userId, kind, tokenHash, createdAt, lastUsedAt, expiresAt, address, network, userAgent
                    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                new.user.rawValue, new.kind.rawValue, new.tokenHash, new.createdAt.milliseconds,
                new.createdAt.milliseconds, new.expiresAt.milliseconds, new.client.address, new.client.network,
                new.client.userAgent,
            ])
            let id = SessionID(rawValue: db.lastInsertedRowID)
            if let refreshToken { try Self.insert(refreshToken, of: id, db) }
            // The oldest make room; who has so many will not miss them.
            try db.execute(
                sql: """
                    UPDATE session SET endedAt = ? WHERE id IN (
                        SELECT id FROM session WHERE userId = ? AND endedAt IS NULL AND scopes IS NULL
                        ORDER BY lastUsedAt DESC, id DESC LIMIT -1 OFFSET ?)
                    """, arguments: [Timestamp.now.milliseconds, new.user.rawValue, Self.openMax])
            return id
        }
    }

    package func session(_ id: SessionID) async throws -> Session? {
        try await database.read { try Self.session($0, "id = ?", [id.rawValue]) }
    }

    package func session(withTokenHash hash: Data) async throws -> Session? {
        try await database.read { try Self.session($0, "tokenHash = ?", [hash]) }
    }

    package func extend(_ id: SessionID, until: Timestamp, at now: Timestamp, from client: Client?) async throws {
        try await database.writes.write { db in
            try db.execute(
                sql: "UPDATE session SET expiresAt = max(expiresAt, ?), lastUsedAt = ? WHERE id = ?",
                arguments: [until.milliseconds, now.milliseconds, id.rawValue])
            guard let client else { return }
            try db.execute(
                sql: "UPDATE session SET address = ?, network = ?, userAgent = ? WHERE id = ?",
                arguments: [client.address, client.network, client.userAgent, id.rawValue])
        }
    }

    package func sessions(of user: UserID, now: Timestamp) async throws -> [SessionView] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM session
                    WHERE userId = ? AND endedAt IS NULL AND scopes IS NULL AND expiresAt > ?
                    ORDER BY lastUsedAt DESC, id DESC
                    """, arguments: [user.rawValue, now.milliseconds]
            ).map(SessionView.init(row:))
        }
    }

    package func isKnown(network: String, of username: String) async throws -> Bool {
        try await database.read { db in
            // The same query for a name that is nobody's, so that its time does not tell.
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM user JOIN session ON session.userId = user.id
                        WHERE user.username = ? AND user.deletedAt IS NULL AND session.network = ?)
                    """, arguments: [username, network]) ?? false
        }
    }

    package func rotate(
        refreshToken hash: Data, replacement: NewRefreshToken, now: Timestamp
    ) async throws -> RefreshOutcome {
        try await database.writes.write { db in
            guard let token = try Row.fetchOne(db, sql: "SELECT * FROM refreshToken WHERE hash = ?", arguments: [hash]),
                let session = try Self.session(db, "id = ?", [token["sessionId"] as Int64])
            else { return .unknown }
            if session.isEnded || session.user.isDisabled { return .expired }
            if (token["usedAt"] as Int64?) != nil {
                _ = try Self.end(session.id, now, db)
                return .reused(session.id)
            }
            guard (token["expiresAt"] as Int64) > now.milliseconds else { return .expired }
            try db.execute(
                sql: "UPDATE refreshToken SET usedAt = ? WHERE hash = ?", arguments: [now.milliseconds, hash])
            try Self.insert(replacement, of: session.id, db)
            try db.execute(
                sql: "UPDATE session SET expiresAt = ?, lastUsedAt = ? WHERE id = ?",
                arguments: [replacement.expiresAt.milliseconds, now.milliseconds, session.id.rawValue])
            return .rotated(session)
        }
    }

    package func end(_ id: SessionID, audit: NewAuditEntry?) async throws -> Bool {
        try await database.writes.write { db in
            guard try Self.end(id, .now, db) else { return false }
            if let audit { try SQLiteAuditStore.append(audit, db) }
            return true
        }
    }

    package func endAll(of user: UserID, but kept: SessionID?) async throws -> [SessionID] {
        try await database.writes.write { try Self.endAll(of: user, but: kept, withTokens: false, $0) }
    }

    static func endAll(
        of user: UserID, but kept: SessionID?, withTokens: Bool, _ db: Database
    ) throws -> [SessionID] {
        try Int64.fetchAll(
            db,
            sql: """
                UPDATE session SET endedAt = ?
                WHERE userId = ? AND endedAt IS NULL AND id IS NOT ? AND (scopes IS NULL OR ?) RETURNING id
                """,
            arguments: [Timestamp.now.milliseconds, user.rawValue, kept?.rawValue, withTokens]
        ).map(SessionID.init(rawValue:))
    }

    package func ended(since moment: Timestamp, now: Timestamp) async throws -> Set<SessionID> {
        try await database.read { db in
            Set(
                try Int64.fetchAll(
                    db,
                    sql: """
                        SELECT id FROM session WHERE endedAt >= :moment
                        UNION SELECT id FROM session WHERE expiresAt BETWEEN :moment AND :now
                        """, arguments: ["moment": moment.milliseconds, "now": now.milliseconds]
                ).map(SessionID.init(rawValue:)))
        }
    }

    package func prune(before moment: Timestamp) async throws {
        try await database.writes.write { db in
            try db.execute(
                sql: "DELETE FROM session WHERE expiresAt < :moment OR endedAt < :moment",
                arguments: ["moment": moment.milliseconds])
        }
    }

    /// Who began to sign in with a password that has changed meanwhile is not let in.
    private static func checkPassword(_ new: NewSession, _ db: Database) throws {
        guard let wanted = new.passwordVersion else { return }
        let statement = try db.cachedStatement(sql: "SELECT passwordVersion FROM user WHERE id = ?")
        guard try Int64.fetchOne(statement, arguments: [new.user.rawValue]) == wanted else {
            throw ChatError(.sessionExpired, "The password has changed meanwhile. Sign in again.")
        }
    }

    private static func end(_ id: SessionID, _ now: Timestamp, _ db: Database) throws -> Bool {
        try db.execute(
            sql: "UPDATE session SET endedAt = ? WHERE id = ? AND endedAt IS NULL",
            arguments: [now.milliseconds, id.rawValue])
        return db.changesCount > 0
    }

    private static func insert(_ token: NewRefreshToken, of session: SessionID, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO refreshToken (hash, sessionId, createdAt, expiresAt) VALUES (?, ?, ?, ?)",
            arguments: [
                token.hash, session.rawValue, token.createdAt.milliseconds, token.expiresAt.milliseconds,
            ])
    }

    private static func session(
        _ db: Database, _ condition: String, _ arguments: StatementArguments
    ) throws -> Session? {
        // A bot is out while whoever answers for it is.
        let statement = try db.cachedStatement(
            sql: """
                SELECT session.*, EXISTS (
                    SELECT 1 FROM bot JOIN user AS owner ON owner.id = ownerId
                    WHERE bot.userId = session.userId AND \(User.isOut("owner"))) AS isOrphaned
                FROM session WHERE \(condition)
                """)
        guard let row = try Row.fetchOne(statement, arguments: arguments),
            let user = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT \(User.columns) FROM user WHERE id = ?"),
                arguments: [row["userId"] as Int64])
        else { return nil }
        return Session(
            id: SessionID(rawValue: row["id"]), user: try User(row: user),
            createdAt: Timestamp(milliseconds: row["createdAt"]),
            expiresAt: Timestamp(milliseconds: row["expiresAt"]),
            lastUsedAt: Timestamp(milliseconds: row["lastUsedAt"]),
            isEnded: (row["endedAt"] as Int64?) != nil || row["isOrphaned"],
            grant: Grant(stored: row["scopes"]))
    }
}
