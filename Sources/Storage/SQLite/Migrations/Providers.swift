import GRDB

extension SQLiteMigrations {
    /// Signing in with a provider.
    static func addProviders(to migrator: inout DatabaseMigrator) {
        migrator.registerMigration("0020 sign-ins with providers") { db in
            for statement in providers { try db.execute(sql: statement) }
        }
    }

    private static let providers = [
        """
        CREATE TABLE identity (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            userId INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            email TEXT, -- as the provider wrote it, for its owner to recognise
            createdAt INTEGER NOT NULL,
            lastUsedAt INTEGER NOT NULL,
            UNIQUE (issuer, subject)
        ) STRICT
        """,
        "CREATE INDEX identityOfUser ON identity (userId)",
        """
        CREATE TABLE providerAttempt (
            stateHash BLOB PRIMARY KEY, -- SHA-256
            provider TEXT NOT NULL,
            nonce TEXT NOT NULL,
            verifier TEXT NOT NULL,
            browser BLOB NOT NULL, -- SHA-256 of its cookie
            next TEXT,
            linking INTEGER REFERENCES user (id) ON DELETE CASCADE,
            invitation BLOB, -- SHA-256 of its token
            createdAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL,
            usedAt INTEGER
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX providerAttemptByExpiry ON providerAttempt (expiresAt)",
        "CREATE INDEX providerAttemptLinking ON providerAttempt (linking) WHERE linking IS NOT NULL",
    ]
}
