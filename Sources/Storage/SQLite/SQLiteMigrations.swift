import GRDB
import Model

/// The tables, as steps that are never changed once released: a change is a new step.
enum SQLiteMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 people, sessions, rooms, messages") { db in
            for statement in first { try db.execute(sql: statement) }
        }
        migrator.registerMigration("0002 the stream's epoch") { db in
            try db.execute(
                sql: """
                    CREATE TABLE stream (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        epoch TEXT NOT NULL,
                        file TEXT -- device and inode of the database, when the server last ran on it
                    ) STRICT
                    """)
            try db.execute(sql: "INSERT INTO stream (id, epoch) VALUES (1, ?)", arguments: [Epoch.random().text])
        }
        migrator.registerMigration("0003 mail") { db in
            for statement in mail { try db.execute(sql: statement) }
        }
        return migrator
    }

    private static let mail = [
        """
        CREATE TABLE mail (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            messageId TEXT NOT NULL UNIQUE,
            recipient TEXT NOT NULL,
            subject TEXT NOT NULL,
            keyId INTEGER, -- in the key ring; null, as the body, once there is nothing left to do
            body BLOB, -- the text and the HTML, as JSON, in AES-256-GCM: nonce, ciphertext, tag
            createdAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL, -- of no use afterwards
            attempts INTEGER NOT NULL DEFAULT 0,
            nextAttemptAt INTEGER NOT NULL,
            lastError TEXT,
            sentAt INTEGER,
            failedAt INTEGER
        ) STRICT
        """,
        "CREATE INDEX mailWaiting ON mail (nextAttemptAt) WHERE sentAt IS NULL AND failedAt IS NULL",
    ]

    private static let first = [
        """
        CREATE TABLE user (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            username TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('admin', 'user')),
            passwordHash TEXT NOT NULL,
            isDisabled INTEGER NOT NULL DEFAULT 0,
            createdAt INTEGER NOT NULL -- milliseconds since 1970
        ) STRICT
        """,
        "CREATE INDEX disabledUser ON user (id) WHERE isDisabled = 1",
        """
        CREATE TABLE session (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            userId INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('browser', 'api')),
            tokenHash BLOB UNIQUE, -- SHA-256; null for kind 'api'
            createdAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL,
            endedAt INTEGER
        ) STRICT
        """,
        "CREATE INDEX sessionOfUser ON session (userId)",
        "CREATE INDEX sessionByExpiry ON session (expiresAt)",
        """
        CREATE TABLE refreshToken (
            hash BLOB PRIMARY KEY, -- SHA-256
            sessionId INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
            createdAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL,
            usedAt INTEGER
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX refreshTokenOfSession ON refreshToken (sessionId)",
        """
        CREATE TABLE room (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            slug TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL, -- empty for kind 'direct': its members' names stand for it
            topic TEXT NOT NULL DEFAULT '',
            kind TEXT NOT NULL CHECK (kind IN ('public', 'private', 'direct')),
            directKey TEXT UNIQUE, -- the members' ids in ascending order; for kind 'direct' only
            lastSeq INTEGER NOT NULL DEFAULT 0,
            createdAt INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE membership (
            roomId INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
            userId INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            readSeq INTEGER NOT NULL DEFAULT 0,
            joinedAt INTEGER NOT NULL,
            PRIMARY KEY (roomId, userId)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX membershipOfUser ON membership (userId)",
        // Clustered by place, since history is read in stretches.
        """
        CREATE TABLE message (
            roomId INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
            seq INTEGER NOT NULL,
            senderId INTEGER NOT NULL REFERENCES user (id),
            sentAt INTEGER NOT NULL,
            keyId INTEGER NOT NULL, -- in the key ring
            body BLOB NOT NULL, -- AES-256-GCM: nonce, ciphertext, tag
            clientId TEXT,
            PRIMARY KEY (roomId, seq)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE UNIQUE INDEX messageByClientId ON message (senderId, clientId) WHERE clientId IS NOT NULL",
    ]
}
