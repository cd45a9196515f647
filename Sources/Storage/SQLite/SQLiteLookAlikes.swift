import GRDB
import Model
import Names

/// Names that could be taken for somebody else's (docs/adr/0019-look-alikes.md).
enum SQLiteLookAlikes {
    struct Name {
        /// As it is shown: with the username behind it where somebody else is called so already.
        let shown: String
        /// What it looks like; `nil` where there is nothing to read in it.
        let key: String?
    }

    /// - Parameters:
    ///   - id: whose name it is; `nil` before there is an account.
    ///   - isBot: whether it is a program's. Programs may be called alike, as one service's hooks in many rooms are.
    /// - Throws: `invalid_field` with the field `name`, where it looks like that of somebody who keeps order here.
    static func name(
        _ name: String, of username: String, _ id: UserID?, isBot: Bool = false, _ db: Database
    ) throws -> Name {
        let mark = " (\(username))"
        let plain = name.hasSuffix(mark) && name.count > mark.count ? String(name.dropLast(mark.count)) : name
        guard let key = NameKey(plain)?.text else { return Name(shown: plain, key: nil) }
        guard try !isOfStaff(key, but: id, db) else {
            throw ChatError(
                .invalidField, "This name looks like that of somebody who runs this server. Choose another one.",
                field: "name")
        }
        let isShared =
            try Bool.fetchOne(
                db,
                // Whoever is marked already imitates somebody, and is not imitated.
                sql: """
                    SELECT EXISTS (SELECT 1 FROM user WHERE nameKey = ? AND deletedAt IS NULL AND id <> ?
                    AND NOT (isBot AND ?) AND substr(name, -length(username) - 3) <> ' (' || username || ')')
                    """, arguments: [key, id?.rawValue ?? 0, isBot]) ?? false
        return Name(shown: isShared && plain != username ? plain + mark : plain, key: key)
    }

    /// - Throws: `invalid_field` with the field `username`.
    static func checkUsername(_ username: String, _ db: Database) throws {
        guard let key = NameKey(username)?.text, try isOfStaff(key, but: nil, db) else { return }
        throw ChatError(
            .invalidField, "This username looks like that of somebody who runs this server. Choose another one.",
            field: "username")
    }

    private static func isOfStaff(_ key: String, but id: UserID?, _ db: Database) throws -> Bool {
        try Row.fetchAll(
            db,
            sql: """
                SELECT username, nameKey FROM user
                WHERE role IN ('admin', 'moderator') AND isDisabled = 0 AND id <> ?
                """, arguments: [id?.rawValue ?? 0]
        ).contains { row in
            let nameKey: String? = row["nameKey"]
            return nameKey == key || NameKey(row["username"])?.text == key
        }
    }

    /// Gives names from before the column their keys.
    static func fillKeys(_ db: Database) throws {
        for row in try Row.fetchAll(db, sql: "SELECT id, name FROM user") {
            let id: Int64 = row["id"]
            try db.execute(
                sql: "UPDATE user SET nameKey = ? WHERE id = ?", arguments: [NameKey(row["name"])?.text, id])
        }
    }
}
