import GRDB
package import Model

package struct SQLiteAuditStore: AuditStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func entries(before: Int64?, limit: Int) async throws -> [AuditEntry] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
                arguments: [before ?? .max, limit]
            ).map(Self.entry)
        }
    }

    package func entries(about username: String) async throws -> [AuditEntry] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM audit WHERE actor = :name OR target = :name ORDER BY id DESC LIMIT 10000",
                arguments: ["name": username]
            ).map(Self.entry)
        }
    }

    private static func entry(_ row: Row) throws -> AuditEntry {
        guard let action = AuditEntry.Action(rawValue: row["action"]) else { throw ChatError.internal }
        return AuditEntry(
            id: row["id"], at: Timestamp(milliseconds: row["at"]), actor: row["actor"], action: action,
            target: row["target"], details: row["details"])
    }

    static func append(_ entry: NewAuditEntry, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO audit (at, actor, action, target, details) VALUES (?, ?, ?, ?, ?)")
            .execute(arguments: [
                Timestamp.now.milliseconds, entry.actor, entry.action.rawValue, entry.target, entry.details,
            ])
    }
}
