package import Foundation
import GRDB
package import Model

package struct SQLiteFactorStore: FactorStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func kinds(of user: UserID) async throws -> Set<FactorKind> {
        try await database.read { try Self.kinds(of: user, $0) }
    }

    static func kinds(of user: UserID, _ db: Database) throws -> Set<FactorKind> {
        let statement = try db.cachedStatement(
            sql: """
                SELECT EXISTS (SELECT 1 FROM secondFactor WHERE userId = :user),
                    EXISTS (SELECT 1 FROM passkey WHERE userId = :user)
                """)
        guard let row = try Row.fetchOne(statement, arguments: ["user": user.rawValue]) else { return [] }
        return Set<FactorKind>(row[0] ? [.codes] : []).union(row[1] ? [.passkey] : [])
    }

    package func factor(of user: UserID) async throws -> SecondFactor? {
        try await database.read { db in
            try Row.fetchOne(
                db.cachedStatement(sql: "SELECT secret, lastStep FROM secondFactor WHERE userId = ?"),
                arguments: [user.rawValue]
            ).map { SecondFactor(sealedSecret: $0["secret"], lastStep: $0["lastStep"]) }
        }
    }

    package func set(_ factor: SecondFactor, recoveryHashes: Set<Data>, of user: UserID) async throws {
        try await database.writes.write { db in
            guard try !Self.kinds(of: user, db).contains(.codes) else {
                throw ChatError(
                    .formStale, "Codes of an app are on already. To change to another app, turn them off first.")
            }
            try db.execute(
                sql: "INSERT INTO secondFactor (userId, secret, lastStep, createdAt) VALUES (?, ?, ?, ?)",
                arguments: [user.rawValue, factor.sealedSecret, factor.lastStep, Timestamp.now.milliseconds])
            try Self.replace(recoveryHashes, of: user, db)
        }
    }

    package func advance(to step: Int64, of user: UserID) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: "UPDATE secondFactor SET lastStep = :step WHERE userId = :user AND lastStep < :step",
                arguments: ["step": step, "user": user.rawValue])
            return db.changesCount > 0
        }
    }

    package func recoveryHashes(of user: UserID) async throws -> Set<Data> {
        try await database.read { db in
            Set(
                try Data.fetchAll(db, sql: "SELECT hash FROM recoveryCode WHERE userId = ?", arguments: [user.rawValue])
            )
        }
    }

    package func useRecovery(_ hash: Data, of user: UserID) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: "DELETE FROM recoveryCode WHERE userId = ? AND hash = ?", arguments: [user.rawValue, hash])
            return db.changesCount > 0
        }
    }

    package func replaceRecovery(_ hashes: Set<Data>, of user: UserID) async throws -> Bool {
        try await database.writes.write { db in
            guard try !Self.kinds(of: user, db).isEmpty else { return false }
            try Self.replace(hashes, of: user, db)
            return true
        }
    }

    package func remove(of user: UserID, audit: NewAuditEntry?) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(sql: "DELETE FROM secondFactor WHERE userId = ?", arguments: [user.rawValue])
            guard db.changesCount > 0 else { return false }
            try Self.forgetUselessCodes(of: user, db)
            if let audit { try SQLiteAuditStore.append(audit, db) }
            return true
        }
    }

    package func removeAll(of user: UserID, audit: NewAuditEntry) async throws -> Bool {
        try await database.writes.write { db in
            guard try !Self.kinds(of: user, db).isEmpty else { return false }
            try db.execute(sql: "DELETE FROM secondFactor WHERE userId = ?", arguments: [user.rawValue])
            try db.execute(sql: "DELETE FROM passkey WHERE userId = ?", arguments: [user.rawValue])
            try Self.replace([], of: user, db)
            try SQLiteAuditStore.append(audit, db)
            return true
        }
    }

    /// Without a second factor there is nothing that they would be instead of.
    static func forgetUselessCodes(of user: UserID, _ db: Database) throws {
        if try kinds(of: user, db).isEmpty { try replace([], of: user, db) }
    }

    static func replace(_ hashes: Set<Data>, of user: UserID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM recoveryCode WHERE userId = ?", arguments: [user.rawValue])
        for hash in hashes {
            try db.execute(
                sql: "INSERT INTO recoveryCode (userId, hash) VALUES (?, ?)", arguments: [user.rawValue, hash])
        }
    }
}
