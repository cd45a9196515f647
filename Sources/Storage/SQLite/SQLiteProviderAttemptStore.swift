package import Foundation
import GRDB
package import Model

package struct SQLiteProviderAttemptStore: ProviderAttemptStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func keep(_ attempt: ProviderAttempt, countMax: Int) async throws {
        try await database.writes.write { db in
            try db.execute(
                sql: """
                    DELETE FROM providerAttempt WHERE stateHash IN (
                        SELECT stateHash FROM providerAttempt WHERE expiresAt > ?
                        ORDER BY expiresAt DESC LIMIT -1 OFFSET ?)
                    """, arguments: [attempt.createdAt.milliseconds, countMax - 1])
            try db.execute(
                sql: """
                    INSERT INTO providerAttempt (
                        stateHash, provider, nonce, verifier, browser, next, linking, invitation, createdAt, expiresAt
                    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    attempt.stateHash, attempt.provider, attempt.nonce, attempt.verifier, attempt.browser, attempt.next,
                    attempt.linking?.rawValue, attempt.invitation, attempt.createdAt.milliseconds,
                    attempt.expiresAt.milliseconds,
                ])
        }
    }

    package func take(stateHash: Data, at now: Timestamp) async throws -> TakenProviderAttempt {
        try await database.writes.write { db in
            let taken = try Row.fetchOne(
                db, sql: "UPDATE providerAttempt SET usedAt = ? WHERE stateHash = ? AND usedAt IS NULL RETURNING *",
                arguments: [now.milliseconds, stateHash])
            if let taken { return .first(ProviderAttempt(row: taken)) }
            let isThere = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM providerAttempt WHERE stateHash = ?)", arguments: [stateHash])
            return isThere == true ? .again : .unknown
        }
    }

    package func prune(before moment: Timestamp) async throws {
        try await database.writes.write { db in
            try db.execute(sql: "DELETE FROM providerAttempt WHERE expiresAt < ?", arguments: [moment.milliseconds])
        }
    }
}

extension ProviderAttempt {
    fileprivate init(row: Row) {
        self.init(
            stateHash: row["stateHash"], provider: row["provider"], nonce: row["nonce"], verifier: row["verifier"],
            browser: row["browser"], next: row["next"],
            linking: (row["linking"] as Int64?).map(UserID.init(rawValue:)), invitation: row["invitation"],
            createdAt: Timestamp(milliseconds: row["createdAt"]), expiresAt: Timestamp(milliseconds: row["expiresAt"]))
    }
}
