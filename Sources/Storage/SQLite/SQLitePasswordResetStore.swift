package import Foundation
import GRDB
package import Model

package struct SQLitePasswordResetStore: PasswordResetStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(tokenHash: Data, of user: UserID, at now: Timestamp, expiresAt: Timestamp) async throws {
        try await database.writes.write { db in
            try db.execute(sql: "DELETE FROM passwordReset WHERE expiresAt <= ?", arguments: [now.milliseconds])
            try db.execute(
                sql: "INSERT INTO passwordReset (tokenHash, userId, createdAt, expiresAt) VALUES (?, ?, ?, ?)",
                arguments: [tokenHash, user.rawValue, now.milliseconds, expiresAt.milliseconds])
        }
    }

    package func owner(ofTokenHash hash: Data, at now: Timestamp) async throws -> User? {
        try await database.read { try Self.owner(ofTokenHash: hash, at: now, $0) }
    }

    package func redeem(
        tokenHash: Data, passwordHash: String, at now: Timestamp
    ) async throws -> (user: User, ended: [SessionID])? {
        try await database.writes.write { db in
            guard let user = try Self.owner(ofTokenHash: tokenHash, at: now, db),
                let ended = try SQLiteUserStore.setPasswordHash(
                    passwordHash, of: user.id, keeping: nil, audit: nil, db)
            else { return nil }
            return (user, ended)
        }
    }

    /// Links that were sent are worth nothing from now on.
    static func forget(of user: UserID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM passwordReset WHERE userId = ?", arguments: [user.rawValue])
    }

    private static func owner(ofTokenHash hash: Data, at now: Timestamp, _ db: Database) throws -> User? {
        try SQLiteUserStore.user(
            db, "isDisabled = 0 AND id = (SELECT userId FROM passwordReset WHERE tokenHash = ? AND expiresAt > ?)",
            [hash, now.milliseconds])
    }
}
