package import Foundation
import GRDB
package import Model

package struct SQLitePasskeyStore: PasskeyStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func handle(of user: UserID, orKeep fresh: Data) async throws -> Data {
        try await database.writes.write { db in
            try db.execute(
                sql: "INSERT INTO passkeyOwner (userId, handle) VALUES (?, ?) ON CONFLICT (userId) DO NOTHING",
                arguments: [user.rawValue, fresh])
            let kept = try Data.fetchOne(
                db, sql: "SELECT handle FROM passkeyOwner WHERE userId = ?", arguments: [user.rawValue])
            guard let kept else { throw ChatError.internal }
            return kept
        }
    }

    package func passkeys(of user: UserID) async throws -> [Passkey] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: Self.select + " WHERE passkey.userId = ? ORDER BY passkey.id", arguments: [user.rawValue]
            ).map(Passkey.init(row:))
        }
    }

    package func passkey(withCredential credential: Data) async throws -> Passkey? {
        try await database.read { db in
            try Row.fetchOne(db, sql: Self.select + " WHERE credential = ?", arguments: [credential])
                .map(Passkey.init(row:))
        }
    }

    package func add(
        _ new: NewPasskey, to user: UserID, countMax: Int, recoveryHashes: Set<Data>, audit: NewAuditEntry
    ) async throws -> Bool {
        try await database.writes.write { db in
            let isFirst = try SQLiteFactorStore.kinds(of: user, db).isEmpty
            let count = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM passkey WHERE userId = ?", arguments: [user.rawValue])
            guard count ?? 0 < countMax else {
                throw ChatError(.tooManyPasskeys, "You have \(countMax) passkeys, and there cannot be more.")
            }
            let isTaken = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM passkey WHERE credential = ?)", arguments: [new.credential])
            guard isTaken != true else {
                throw ChatError(.passkeyTaken, "This passkey is in use on this server already.")
            }
            try Self.insert(new, of: user, db)
            if isFirst { try SQLiteFactorStore.replace(recoveryHashes, of: user, db) }
            try SQLiteAuditStore.append(audit, db)
            return isFirst
        }
    }

    package func used(
        _ id: PasskeyID, signCount: UInt32, isBackedUp: Bool, at now: Timestamp, audit: NewAuditEntry?
    ) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: """
                    UPDATE passkey SET signCount = max(signCount, ?), isBackedUp = ?, lastUsedAt = ? WHERE id = ?
                    """, arguments: [Int64(signCount), isBackedUp, now.milliseconds, id.rawValue])
            guard db.changesCount > 0 else { return false }
            if let audit { try SQLiteAuditStore.append(audit, db) }
            return true
        }
    }

    package func rename(_ id: PasskeyID, of user: UserID, to name: String) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: "UPDATE passkey SET name = ? WHERE id = ? AND userId = ?",
                arguments: [name, id.rawValue, user.rawValue])
            return db.changesCount > 0
        }
    }

    package func remove(_ id: PasskeyID, of user: UserID, audit: NewAuditEntry) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: "DELETE FROM passkey WHERE id = ? AND userId = ?", arguments: [id.rawValue, user.rawValue])
            guard db.changesCount > 0 else { return false }
            try WaysIn.checkOneIsLeft(to: user, db)
            try SQLiteFactorStore.forgetUselessCodes(of: user, db)
            try SQLiteAuditStore.append(audit, db)
            return true
        }
    }

    private static let select = """
        SELECT passkey.*, passkeyOwner.handle FROM passkey JOIN passkeyOwner ON passkeyOwner.userId = passkey.userId
        """

    private static func insert(_ new: NewPasskey, of user: UserID, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO passkey (
                    credential, userId, publicKey, signCount, transports, isBackupEligible, isBackedUp, isUserVerified,
                    isDiscoverable, aaguid, name, createdAt
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                new.credential, user.rawValue, new.publicKey, Int64(new.signCount),
                new.transports.joined(separator: " "), new.isBackupEligible, new.isBackedUp, new.isUserVerified,
                new.isDiscoverable, new.aaguid, new.name, Timestamp.now.milliseconds,
            ])
    }
}

extension Passkey {
    /// From a row of the table `passkey`, with its owner's handle.
    fileprivate init(row: Row) {
        self.init(
            id: PasskeyID(rawValue: row["id"]), user: UserID(rawValue: row["userId"]), handle: row["handle"],
            credential: row["credential"], publicKey: row["publicKey"],
            signCount: UInt32(clamping: row["signCount"] as Int64),
            transports: (row["transports"] as String).split(separator: " ").map(String.init),
            isBackupEligible: row["isBackupEligible"], isBackedUp: row["isBackedUp"], name: row["name"],
            createdAt: Timestamp(milliseconds: row["createdAt"]),
            lastUsedAt: (row["lastUsedAt"] as Int64?).map(Timestamp.init(milliseconds:)))
    }
}
