package import Foundation
import GRDB
package import Model

package struct SQLiteEmailStore: EmailStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func email(of user: UserID) async throws -> AccountEmail {
        try await database.read { db in
            let row = try Row.fetchOne(
                db, sql: Self.select + " WHERE user.id = ?", arguments: [user.rawValue])
            return try row.map(AccountEmail.init(row:)) ?? AccountEmail()
        }
    }

    package func allEmails() async throws -> [UserID: AccountEmail] {
        try await database.read { db in
            let rows = try Row.fetchAll(
                db, sql: Self.select + " WHERE email.userId IS NOT NULL OR emailClaim.userId IS NOT NULL")
            return Dictionary(
                uniqueKeysWithValues: try rows.map { (UserID(rawValue: $0["id"]), try AccountEmail(row: $0)) })
        }
    }

    package func owner(of address: EmailAddress) async throws -> User? {
        try await database.read { db in
            try SQLiteUserStore.user(
                db, "id = (SELECT userId FROM email WHERE normalized = ?)", [address.normalized])
        }
    }

    package func claim(_ claim: NewEmailClaim, of user: UserID) async throws {
        try await database.writes.write { try Self.claim(claim, of: user, $0) }
    }

    package func confirm(
        _ address: EmailAddress, codeHash: Data, of user: UserID, triesMax: Int, at now: Timestamp
    ) async throws -> ClaimOutcome {
        try await database.writes.write { db in
            let found = try Row.fetchOne(
                db, sql: "SELECT * FROM emailClaim WHERE userId = ?", arguments: [user.rawValue])
            guard let found else { return .none }
            guard (found["expiresAt"] as Int64) > now.milliseconds, (found["tries"] as Int) < triesMax else {
                return .expired
            }
            guard (found["codeHash"] as Data) == codeHash, (found["normalized"] as String) == address.normalized else {
                try db.execute(
                    sql: "UPDATE emailClaim SET tries = tries + 1 WHERE userId = ?", arguments: [user.rawValue])
                return .wrong
            }
            guard try !Self.isTaken(address, by: user, db) else { return .taken }
            return .verified(address, before: try Self.setVerified(address, of: user, at: now, db))
        }
    }

    package func setVerified(
        _ address: EmailAddress, of user: UserID, at now: Timestamp, audit: NewAuditEntry?
    ) async throws -> EmailAddress? {
        try await database.writes.write { db in
            let before = try Self.setVerified(address, of: user, at: now, db)
            if let audit { try SQLiteAuditStore.append(audit, db) }
            return before
        }
    }

    package func remove(of user: UserID, audit: NewAuditEntry?) async throws -> EmailAddress? {
        try await database.writes.write { db in
            let before = try Self.verified(of: user, db)
            try db.execute(sql: "DELETE FROM email WHERE userId = ?", arguments: [user.rawValue])
            try Self.withdrawClaim(of: user, db)
            try SQLitePasswordResetStore.forget(of: user, db)
            if let audit { try SQLiteAuditStore.append(audit, db) }
            return before
        }
    }

    /// - Throws: `email_taken`, `user_not_found`.
    /// - Returns: what was verified until now.
    static func setVerified(
        _ address: EmailAddress, of user: UserID, at now: Timestamp, _ db: Database
    ) throws -> EmailAddress? {
        guard try SQLiteUserStore.user(db, "id = ?", [user.rawValue]) != nil else {
            throw ChatError(.userNotFound, "There is no such person.")
        }
        guard try !isTaken(address, by: user, db) else { throw ChatError.emailTaken }
        let before = try verified(of: user, db)
        try db.execute(
            sql: """
                INSERT INTO email (userId, address, normalized, verifiedAt) VALUES (?, ?, ?, ?)
                ON CONFLICT (userId) DO UPDATE SET
                    address = excluded.address, normalized = excluded.normalized, verifiedAt = excluded.verifiedAt
                """,
            arguments: [user.rawValue, address.description, address.normalized, now.milliseconds])
        try withdrawClaim(of: user, db)
        // Links went to the address before.
        try SQLitePasswordResetStore.forget(of: user, db)
        return before
    }

    static func claim(_ claim: NewEmailClaim, of user: UserID, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO emailClaim (userId, address, normalized, codeHash, createdAt, expiresAt)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                user.rawValue, claim.address.description, claim.address.normalized, claim.codeHash,
                claim.createdAt.milliseconds, claim.expiresAt.milliseconds,
            ])
    }

    private static func withdrawClaim(of user: UserID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM emailClaim WHERE userId = ?", arguments: [user.rawValue])
    }

    private static func isTaken(_ address: EmailAddress, by user: UserID, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM email WHERE normalized = ? AND userId <> ?)",
            arguments: [address.normalized, user.rawValue]) ?? false
    }

    private static func verified(of user: UserID, _ db: Database) throws -> EmailAddress? {
        try String.fetchOne(db, sql: "SELECT address FROM email WHERE userId = ?", arguments: [user.rawValue])
            .map { try EmailAddress($0) }
    }

    private static let select = """
        SELECT user.id, email.address, email.verifiedAt, emailClaim.address AS claimed, emailClaim.createdAt,
            emailClaim.expiresAt, emailClaim.tries
        FROM user LEFT JOIN email ON email.userId = user.id LEFT JOIN emailClaim ON emailClaim.userId = user.id
        """
}

extension AccountEmail {
    /// From a row of `SQLiteEmailStore.select`.
    fileprivate init(row: Row) throws {
        let claim = try (row["claimed"] as String?).map { claimed in
            EmailClaim(
                address: try EmailAddress(claimed), createdAt: Timestamp(milliseconds: row["createdAt"]),
                expiresAt: Timestamp(milliseconds: row["expiresAt"]), tries: row["tries"])
        }
        self.init(
            verified: try (row["address"] as String?).map { try EmailAddress($0) },
            verifiedAt: (row["verifiedAt"] as Int64?).map(Timestamp.init(milliseconds:)), claim: claim)
    }
}
