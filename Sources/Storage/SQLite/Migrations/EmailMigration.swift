import GRDB

extension SQLiteMigrations {
    /// 0010: addresses of accounts, links to reset a password.
    static let emailAddresses = [
        // Another one after each change of the password; a sign-in that began before it is worth nothing after it.
        "ALTER TABLE user ADD COLUMN passwordVersion INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE email (
            userId INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
            address TEXT NOT NULL, -- as it was typed
            normalized TEXT NOT NULL UNIQUE, -- by what two are the same
            verifiedAt INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE emailClaim (
            userId INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
            address TEXT NOT NULL,
            normalized TEXT NOT NULL, -- not unique: nobody holds an address by saying that it is theirs
            codeHash BLOB NOT NULL, -- HMAC-SHA-256
            createdAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL, -- of the code
            tries INTEGER NOT NULL DEFAULT 0 -- wrong ones
        ) STRICT
        """,
        """
        CREATE TABLE passwordReset (
            tokenHash BLOB PRIMARY KEY, -- SHA-256
            userId INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            createdAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX passwordResetOfUser ON passwordReset (userId)",
        "CREATE INDEX passwordResetByExpiry ON passwordReset (expiresAt)",
    ]
}
