package import Foundation
import GRDB
package import Model

package struct SQLiteSessionStore: SessionStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(_ new: NewSession, refreshToken: NewRefreshToken?) async throws -> SessionID {
        try await database.writes.write { db in
            try db.cachedStatement(
                sql: "INSERT INTO session (userId, kind, tokenHash, createdAt, expiresAt) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [
                new.user.rawValue, new.kind.rawValue, new.tokenHash, new.createdAt.milliseconds,
                new.expiresAt.milliseconds,
            ])
            let id = SessionID(rawValue: db.lastInsertedRowID)
            if let refreshToken { try Self.insert(refreshToken, of: id, db) }
            return id
        }
    }

    package func session(_ id: SessionID) async throws -> Session? {
        try await database.read { try Self.session($0, "id = ?", [id.rawValue]) }
    }

    package func session(withTokenHash hash: Data) async throws -> Session? {
        try await database.read { try Self.session($0, "tokenHash = ?", [hash]) }
    }

    package func extend(_ id: SessionID, until: Timestamp) async throws {
        try await database.writes.write { db in
            try db.execute(
                sql: "UPDATE session SET expiresAt = max(expiresAt, ?) WHERE id = ?",
                arguments: [until.milliseconds, id.rawValue])
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
                sql: "UPDATE session SET expiresAt = ? WHERE id = ?",
                arguments: [replacement.expiresAt.milliseconds, session.id.rawValue])
            return .rotated(session)
        }
    }

    package func end(_ id: SessionID) async throws -> Bool {
        try await database.writes.write { try Self.end(id, .now, $0) }
    }

    package func endAll(of user: UserID) async throws -> [SessionID] {
        try await database.writes.write { db in
            try Int64.fetchAll(
                db, sql: "UPDATE session SET endedAt = ? WHERE userId = ? AND endedAt IS NULL RETURNING id",
                arguments: [Timestamp.now.milliseconds, user.rawValue]
            ).map(SessionID.init(rawValue:))
        }
    }

    package func prune(before moment: Timestamp) async throws {
        try await database.writes.write { db in
            try db.execute(
                sql: "DELETE FROM session WHERE expiresAt < :moment OR endedAt < :moment",
                arguments: ["moment": moment.milliseconds])
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
        let statement = try db.cachedStatement(sql: "SELECT * FROM session WHERE \(condition)")
        guard let row = try Row.fetchOne(statement, arguments: arguments),
            let user = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT * FROM user WHERE id = ?"), arguments: [row["userId"] as Int64])
        else { return nil }
        return Session(
            id: SessionID(rawValue: row["id"]), user: try User(row: user),
            expiresAt: Timestamp(milliseconds: row["expiresAt"]), isEnded: (row["endedAt"] as Int64?) != nil)
    }
}
