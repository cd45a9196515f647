import GRDB

extension SQLiteMigrations {
    /// Access tokens, bots and hooks.
    static func registerBots(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("0040 access tokens and bots") { db in
            for statement in tokensAndBots { try db.execute(sql: statement) }
        }
        migrator.registerMigration("0041 hooks") { db in
            for statement in hooks { try db.execute(sql: statement) }
        }
    }

    private static let tokensAndBots = [
        // An access token is a sign-in with a name and scopes.
        "ALTER TABLE session ADD COLUMN name TEXT",
        "ALTER TABLE session ADD COLUMN scopes TEXT", // with spaces between; null where somebody signed in themselves
        "CREATE INDEX sessionOfToken ON session (userId) WHERE scopes IS NOT NULL",
        "ALTER TABLE user ADD COLUMN isBot INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE bot (
            userId INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
            ownerId INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            deletedAt INTEGER -- milliseconds since 1970; its name stays with what it wrote
        ) STRICT
        """,
        "CREATE INDEX botOfOwner ON bot (ownerId)",
    ]

    private static let hooks = [
        """
        CREATE TABLE incomingHook (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            roomId INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
            botId INTEGER NOT NULL UNIQUE REFERENCES user (id) ON DELETE CASCADE, -- whom it writes as
            makerId INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            tokenHash BLOB NOT NULL, -- SHA-256
            createdAt INTEGER NOT NULL, -- milliseconds since 1970
            lastUsedAt INTEGER
        ) STRICT
        """,
        "CREATE INDEX incomingHookOfRoom ON incomingHook (roomId)",
        """
        CREATE TABLE outgoingHook (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            roomId INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
            makerId INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            address TEXT NOT NULL,
            place TEXT NOT NULL, -- what its secret is bound to
            keyId INTEGER NOT NULL, -- in the key ring
            secret BLOB NOT NULL, -- AES-256-GCM: nonce, ciphertext, tag
            seq INTEGER NOT NULL, -- up to which message of the room there are deliveries
            createdAt INTEGER NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0, -- given up in a row
            disabledAt INTEGER,
            note TEXT -- why the server disabled it
        ) STRICT
        """,
        "CREATE INDEX outgoingHookOfRoom ON outgoingHook (roomId)",
        """
        CREATE TABLE hookDelivery (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hookId INTEGER NOT NULL REFERENCES outgoingHook (id) ON DELETE CASCADE,
            webhookId TEXT NOT NULL UNIQUE,
            seq INTEGER NOT NULL,
            createdAt INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            nextAttemptAt INTEGER, -- null once it is done
            doneAt INTEGER,
            isSent INTEGER NOT NULL DEFAULT 0,
            status INTEGER, -- of the last answer
            error TEXT
        ) STRICT
        """,
        "CREATE INDEX hookDeliveryByHook ON hookDelivery (hookId, id)",
        "CREATE INDEX hookDeliveryDue ON hookDelivery (hookId, nextAttemptAt) WHERE nextAttemptAt IS NOT NULL",
    ]
}
