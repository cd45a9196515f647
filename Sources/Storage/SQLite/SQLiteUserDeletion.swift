import Crypto
import Foundation
import GRDB
package import Model

extension SQLiteUserStore {
    package func delete(
        _ id: UserID, messages: DeletedMessages, audit: NewAuditEntry,
        committed: @escaping @Sendable (DeletedUser) -> Void
    ) async throws {
        _ = try await database.writes.write(
            { db in
                // The person's programs go with them.
                let bots = try Int64.fetchAll(
                    db,
                    sql: """
                        SELECT userId FROM bot WHERE ownerId = :id
                        UNION SELECT botId FROM incomingHook WHERE makerId = :id
                        """, arguments: ["id": id.rawValue])
                let person = try Self.delete(id, messages: messages, audit: audit, db)
                return [person]
                    + (try bots.compactMap { try Self.deleteBot(UserID(rawValue: $0), of: person, audit, db) })
            }, committed: { for gone in $0 { committed(gone) } })
    }

    private static func deleteBot(
        _ id: UserID, of person: DeletedUser, _ audit: NewAuditEntry, _ db: Database
    ) throws -> DeletedUser? {
        guard let bot = try user(db, "id = ? AND deletedAt IS NULL", [id.rawValue]) else { return nil }
        let entry = NewAuditEntry(audit.action, bot.username, by: audit.actor, details: "with \(person.username)")
        return try delete(id, messages: person.messages, audit: entry, db)
    }

    private static func delete(
        _ id: UserID, messages: DeletedMessages, audit: NewAuditEntry, _ db: Database
    ) throws -> DeletedUser {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT \(User.columns) FROM user WHERE id = ? AND deletedAt IS NULL", arguments: [id.rawValue]
            )
        else { throw ChatError(.userNotFound, "There is no such person.") }
        let user = try User(row: row)
        let rooms = try Int64.fetchAll(
            db, sql: "SELECT roomId FROM membership WHERE userId = ?", arguments: [id.rawValue])
        try db.execute(
            sql: "INSERT INTO formerUsername (hash) VALUES (?) ON CONFLICT DO NOTHING",
            arguments: [hash(ofFormer: user.username)])
        // No username begins like this, so that nobody can have it.
        let gone = Person(username: "_deleted-\(id.rawValue)", name: "Deleted person")
        _ = try update(
            """
            username = ?, name = ?, nameKey = NULL, passwordHash = '', role = 'member', isDisabled = 1, deletedAt = ?, \
            invitationId = NULL
            """, [gone.username, gone.name, Timestamp.now.milliseconds], of: id, audit: audit, db)
        try db.execute(
            sql: "UPDATE invitation SET revokedAt = ? WHERE inviterId = ? AND revokedAt IS NULL",
            arguments: [Timestamp.now.milliseconds, id.rawValue])
        try forgetMail(to: id, db)
        try forgetBelongings(of: id, db)
        if messages == .remove { try eraseMessages(of: id, db) }
        return DeletedUser(
            id: id, username: user.username, person: gone, rooms: rooms.map(RoomID.init(rawValue:)),
            messages: messages)
    }

    /// Mail that waits, and what is known of mail that was sent: it goes by the address.
    private static func forgetMail(to id: UserID, _ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM mail WHERE recipient IN (
                    SELECT address FROM email WHERE userId = :id UNION SELECT address FROM emailClaim WHERE userId = :id)
                """, arguments: ["id": id.rawValue])
    }

    /// Does what deleting the row would: whatever belongs to a person says so by its reference, tables that come later too.
    /// Only their place in conversations between people stays, for the others to go on reading them.
    private static func forgetBelongings(of id: UserID, _ db: Database) throws {
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        for table in tables {
            let references = try Row.fetchAll(
                db, sql: "SELECT \"from\", on_delete FROM pragma_foreign_key_list(?) WHERE \"table\" = 'user'",
                arguments: [table])
            for reference in references {
                let column: String = reference["from"]
                let condition =
                    table == "membership" ? " AND roomId NOT IN (SELECT id FROM room WHERE kind = 'direct')" : ""
                switch reference["on_delete"] as String {
                case "CASCADE":
                    try db.execute(
                        sql: "DELETE FROM \"\(table)\" WHERE \"\(column)\" = ?\(condition)", arguments: [id.rawValue])
                case "SET NULL":
                    try db.execute(
                        sql: "UPDATE \"\(table)\" SET \"\(column)\" = NULL WHERE \"\(column)\" = ?",
                        arguments: [id.rawValue])
                default: break
                }
            }
        }
    }

    /// Looks at every message of the server once; whoever deletes an account waits for that, and so do writers.
    private static func eraseMessages(of id: UserID, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE message SET keyId = 0, body = x'', clientId = NULL, removedBy = coalesce(removedBy, 'author')
                WHERE senderId = ? AND removes IS NULL
                """,
            arguments: [id.rawValue])
    }

    static func wasDeleted(_ username: String, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM formerUsername WHERE hash = ?)",
            arguments: [hash(ofFormer: username)]) ?? false
    }

    private static func hash(ofFormer username: String) -> Data { Data(SHA256.hash(data: Data(username.utf8))) }
}
