import GRDB
package import Model

package struct SQLiteIdentityStore: IdentityStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func owner(issuer: String, subject: String) async throws -> UserID? {
        try await database.read { try Self.owner(issuer, subject, $0) }
    }

    package func identities(of user: UserID) async throws -> [LinkedIdentity] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM identity WHERE userId = ? ORDER BY id", arguments: [user.rawValue]
            ).map { row in
                LinkedIdentity(
                    id: IdentityID(rawValue: row["id"]), issuer: row["issuer"], email: row["email"],
                    createdAt: Timestamp(milliseconds: row["createdAt"]),
                    lastUsedAt: Timestamp(milliseconds: row["lastUsedAt"]))
            }
        }
    }

    package func add(_ identity: NewIdentity, to user: UserID, audit: NewAuditEntry) async throws {
        try await database.writes.write { db in
            if try Self.owner(identity.issuer, identity.subject, db) == user { return }
            try Self.insert(identity, of: user, db)
            try SQLiteAuditStore.append(audit, db)
        }
    }

    package func used(_ identity: NewIdentity, at now: Timestamp) async throws {
        try await database.writes.write { db in
            try db.execute(
                sql: "UPDATE identity SET lastUsedAt = ?, email = ? WHERE issuer = ? AND subject = ?",
                arguments: [now.milliseconds, identity.email, identity.issuer, identity.subject])
        }
    }

    package func remove(_ id: IdentityID, of user: UserID, audit: NewAuditEntry) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: "DELETE FROM identity WHERE id = ? AND userId = ?", arguments: [id.rawValue, user.rawValue])
            guard db.changesCount > 0 else { return false }
            try WaysIn.checkOneIsLeft(to: user, db)
            try SQLiteAuditStore.append(audit, db)
            return true
        }
    }

    /// - Throws: `identity_taken`.
    static func insert(_ identity: NewIdentity, of user: UserID, _ db: Database) throws {
        guard try owner(identity.issuer, identity.subject, db) == nil else {
            throw ChatError(.identityTaken, "This belongs to another account of this server already.")
        }
        let now = Timestamp.now.milliseconds
        try db.execute(
            sql: """
                INSERT INTO identity (issuer, subject, userId, email, createdAt, lastUsedAt) VALUES (?, ?, ?, ?, ?, ?)
                """, arguments: [identity.issuer, identity.subject, user.rawValue, identity.email, now, now])
    }

    private static func owner(_ issuer: String, _ subject: String, _ db: Database) throws -> UserID? {
        try Int64.fetchOne(
            db, sql: "SELECT userId FROM identity WHERE issuer = ? AND subject = ?", arguments: [issuer, subject]
        ).map(UserID.init(rawValue:))
    }
}
