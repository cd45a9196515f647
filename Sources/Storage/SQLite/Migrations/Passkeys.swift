import GRDB

extension SQLiteMigrations {
    static func addPasskeys(to migrator: inout DatabaseMigrator) {
        migrator.registerMigration("0021 passkeys") { db in
            for statement in passkeys { try db.execute(sql: statement) }
        }
    }

    private static let passkeys = [
        """
        CREATE TABLE passkeyOwner (
            userId INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
            handle BLOB NOT NULL UNIQUE -- 64 random bytes that the person's authenticators keep
        ) STRICT
        """,
        """
        CREATE TABLE passkey (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            credential BLOB NOT NULL UNIQUE, -- the credential's id
            userId INTEGER NOT NULL REFERENCES passkeyOwner (userId) ON DELETE CASCADE,
            publicKey BLOB NOT NULL, -- COSE
            signCount INTEGER NOT NULL,
            transports TEXT NOT NULL, -- words with spaces between
            isBackupEligible INTEGER NOT NULL,
            isBackedUp INTEGER NOT NULL,
            isUserVerified INTEGER NOT NULL,
            isDiscoverable INTEGER, -- null where the browser did not say
            aaguid BLOB NOT NULL, -- the authenticator's model, for which nobody vouches
            name TEXT NOT NULL,
            createdAt INTEGER NOT NULL,
            lastUsedAt INTEGER
        ) STRICT
        """,
        "CREATE INDEX passkeyOfUser ON passkey (userId)",
    ]
}
