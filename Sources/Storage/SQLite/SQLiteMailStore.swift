import Foundation
import GRDB
package import Model

package struct SQLiteMailStore: MailStore {
    let database: SQLiteDatabase
    let cipher: MessageCipher

    package init(_ database: SQLiteDatabase, cipher: MessageCipher) {
        self.database = database
        self.cipher = cipher
    }

    package func enqueue(_ mail: NewMail) async throws -> MailID {
        try await database.writes.write { [cipher] db in
            let body = try JSONEncoder().encode(Body(text: mail.letter.text, html: mail.letter.html))
            let sealed = try cipher.seal(String(decoding: body, as: UTF8.self), at: Self.place(mail.messageID))
            try db.cachedStatement(
                sql: """
                    INSERT INTO mail (messageId, recipient, subject, keyId, body, createdAt, expiresAt, nextAttemptAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                mail.messageID, mail.recipient.description, mail.letter.subject, sealed.key.rawValue, sealed.bytes,
                mail.createdAt.milliseconds, mail.expiresAt.milliseconds, mail.createdAt.milliseconds,
            ])
            return MailID(rawValue: db.lastInsertedRowID)
        }
    }

    package func due(at moment: Timestamp, limit: Int) async throws -> [DueMail] {
        try await database.read { [cipher] db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM mail WHERE \(Self.isWaiting) AND nextAttemptAt <= ? ORDER BY nextAttemptAt, id LIMIT ?
                    """, arguments: [moment.milliseconds, limit]
            ).map { row in
                DueMail(
                    id: MailID(rawValue: row["id"]), messageID: row["messageId"], recipient: row["recipient"],
                    letter: Self.letter(row, cipher), createdAt: Timestamp(milliseconds: row["createdAt"]),
                    expiresAt: Timestamp(milliseconds: row["expiresAt"]), attempts: row["attempts"])
            }
        }
    }

    package func nextAttempt() async throws -> Timestamp? {
        try await database.read { db in
            try Int64.fetchOne(db, sql: "SELECT min(nextAttemptAt) FROM mail WHERE \(Self.isWaiting)")
                .map(Timestamp.init(milliseconds:))
        }
    }

    package func markSent(_ id: MailID, at moment: Timestamp) async throws {
        try await update(id, "sentAt = ?, lastError = NULL, \(Self.erased)", [moment.milliseconds])
    }

    package func postpone(_ id: MailID, until: Timestamp, error: String) async throws {
        try await update(id, "nextAttemptAt = ?, lastError = ?", [until.milliseconds, error])
    }

    package func giveUp(_ id: MailID, at moment: Timestamp, error: String) async throws {
        try await update(id, "failedAt = ?, lastError = ?, \(Self.erased)", [moment.milliseconds, error])
    }

    package func unsent(limit: Int) async throws -> [MailRecord] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM mail WHERE sentAt IS NULL
                    ORDER BY failedAt IS NOT NULL, coalesce(-failedAt, nextAttemptAt), id LIMIT ?
                    """, arguments: [limit]
            ).map(MailRecord.init(row:))
        }
    }

    package func mail(_ id: MailID) async throws -> MailRecord? {
        try await database.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM mail WHERE id = ?", arguments: [id.rawValue])
                .map(MailRecord.init(row:))
        }
    }

    package func prune(before moment: Timestamp) async throws {
        try await database.writes.write { db in
            try db.execute(
                sql: "DELETE FROM mail WHERE sentAt < :moment OR failedAt < :moment",
                arguments: ["moment": moment.milliseconds])
        }
    }

    private static let isWaiting = "sentAt IS NULL AND failedAt IS NULL"
    private static let erased = "keyId = NULL, body = NULL"

    /// After an attempt. What was sent or given up stays so.
    private func update(_ id: MailID, _ assignments: String, _ arguments: StatementArguments) async throws {
        try await database.writes.write { db in
            try db.execute(
                sql: "UPDATE mail SET attempts = attempts + 1, \(assignments) WHERE id = ? AND \(Self.isWaiting)",
                arguments: arguments + [id.rawValue])
        }
    }

    private static func letter(_ row: Row, _ cipher: MessageCipher) -> Letter? {
        guard let key = (row["keyId"] as Int64?).map(KeyID.init(rawValue:)), let sealed = row["body"] as Data?,
            let text = try? cipher.open(sealed, key: key, at: place(row["messageId"])),
            let body = try? JSONDecoder().decode(Body.self, from: Data(text.utf8))
        else { return nil }
        return Letter(subject: row["subject"], text: body.text, html: body.html)
    }

    private static func place(_ messageID: String) -> Data {
        Data("parley mail v1 \(messageID)".utf8)
    }

    private struct Body: Codable {
        let text: String
        let html: String
    }
}

extension MailRecord {
    /// From a row of the table `mail`.
    init(row: Row) {
        let sentAt = (row["sentAt"] as Int64?).map(Timestamp.init(milliseconds:))
        let failedAt = (row["failedAt"] as Int64?).map(Timestamp.init(milliseconds:))
        self.init(
            id: MailID(rawValue: row["id"]), recipient: row["recipient"], subject: row["subject"],
            createdAt: Timestamp(milliseconds: row["createdAt"]), attempts: row["attempts"],
            lastError: row["lastError"],
            state: sentAt.map { .sent($0) } ?? failedAt.map { .failed($0) }
                ?? .waiting(nextAttemptAt: Timestamp(milliseconds: row["nextAttemptAt"])))
    }
}
