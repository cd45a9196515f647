import GRDB

extension SQLiteMigrations {
    /// What people say of themselves; and what is left of those who have gone.
    static func registerProfiles(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("0060 profiles") { db in
            try db.execute(
                sql: """
                    CREATE TABLE profile (
                        userId INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
                        bio TEXT NOT NULL DEFAULT '',
                        statusEmoji TEXT,
                        statusText TEXT, -- null for no status
                        statusUntil INTEGER, -- milliseconds since 1970; null where it stays
                        timeZone TEXT, -- a name of the IANA database
                        language TEXT NOT NULL DEFAULT 'en' -- BCP 47
                    ) STRICT
                    """)
        }
        migrator.registerMigration("0061 deleted accounts, and what names look like") { db in
            // The row stays, for what others said with them to have a sender; nothing in it is theirs any more.
            try db.execute(sql: "ALTER TABLE user ADD COLUMN deletedAt INTEGER")
            try db.execute(sql: "ALTER TABLE user ADD COLUMN nameKey TEXT") // of the name, without its mark
            try SQLiteLookAlikes.fillKeys(db)
            try db.execute(sql: "CREATE INDEX userByNameKey ON user (nameKey) WHERE nameKey IS NOT NULL")
            try db.execute(
                sql: """
                    CREATE TABLE formerUsername (
                        hash BLOB PRIMARY KEY -- SHA-256 of a username that nobody gets again
                    ) STRICT, WITHOUT ROWID
                    """)
        }
    }
}
