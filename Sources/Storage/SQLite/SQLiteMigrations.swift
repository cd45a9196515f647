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
        migrator.registerMigration("0003 where sign-ins are used") { db in
            for column in [
                "lastUsedAt INTEGER NOT NULL DEFAULT 0", "address TEXT",
                "network TEXT", // what one customer of a provider has; null where that is not known
                "userAgent TEXT NOT NULL DEFAULT ''",
            ] {
                try db.execute(sql: "ALTER TABLE session ADD COLUMN \(column)")
            }
            try db.execute(sql: "UPDATE session SET lastUsedAt = createdAt")
            try db.execute(sql: "CREATE INDEX sessionByEnd ON session (endedAt) WHERE endedAt IS NOT NULL")
            try db.execute(sql: "CREATE INDEX sessionOfNetwork ON session (userId, network) WHERE network IS NOT NULL")
        }
        migrator.registerMigration("0004 roles, invitations, the audit log") { db in
            for statement in fourth { try db.execute(sql: statement) }
        }
        migrator.registerMigration("0005 mail") { db in
            for statement in mail { try db.execute(sql: statement) }
        }
        migrator.registerMigration("0006 second factors") { db in
            for statement in secondFactors { try db.execute(sql: statement) }
        }
        migrator.registerMigration("0007 networks; an audit entry cannot be replaced") { db in
            try db.execute(sql: "DROP INDEX sessionOfNetwork")
            try db.execute(sql: "CREATE INDEX sessionByNetwork ON session (network) WHERE network IS NOT NULL")
            // REPLACE deletes without its trigger.
            try db.execute(
                sql: """
                    CREATE TRIGGER auditIsNotReplaced BEFORE INSERT ON audit
                    WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
                    BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END
                    """)
        }
        migrator.registerMigration("0010 e-mail addresses") { db in
            for statement in emailAddresses { try db.execute(sql: statement) }
        }
        addRoomMigrations(to: &migrator)
        addProviders(to: &migrator)
        addPasskeys(to: &migrator)
        registerBots(&migrator)
        registerProfiles(&migrator)
        return migrator
    }

    private static let secondFactors = [
        """
        CREATE TABLE secondFactor (
            userId INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
            secret BLOB NOT NULL, -- AES-256-GCM, with the person's number: nonce, ciphertext, tag
            lastStep INTEGER NOT NULL, -- the latest 30 seconds since 1970 of which a code was used
            createdAt INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE recoveryCode (
            userId INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            hash BLOB NOT NULL, -- SHA-256
            PRIMARY KEY (userId, hash)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let fourth = [
        """
        CREATE TABLE invitation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tokenHash BLOB NOT NULL UNIQUE, -- SHA-256
            inviterId INTEGER NOT NULL REFERENCES user (id),
            createdAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL,
            usesMax INTEGER NOT NULL,
            uses INTEGER NOT NULL DEFAULT 0,
            role TEXT NOT NULL CHECK (role IN ('moderator', 'member', 'guest')),
            revokedAt INTEGER
        ) STRICT
        """,
        // SQLite cannot change a CHECK: the table is made anew. References name it, and hold.
        """
        CREATE TABLE newUser (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            username TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('admin', 'moderator', 'member', 'guest')),
            passwordHash TEXT NOT NULL,
            isDisabled INTEGER NOT NULL DEFAULT 0,
            createdAt INTEGER NOT NULL, -- milliseconds since 1970
            invitationId INTEGER REFERENCES invitation (id) -- by which they joined
        ) STRICT
        """,
        """
        INSERT INTO newUser (id, username, name, role, passwordHash, isDisabled, createdAt)
        SELECT id, username, name, iif(role = 'user', 'member', role), passwordHash, isDisabled, createdAt FROM user
        """,
        // Numbers of people who are gone are not given out again.
        """
        UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'user') WHERE name = 'newUser'
        """,
        "DROP TABLE user",
        "ALTER TABLE newUser RENAME TO user",
        "CREATE INDEX disabledUser ON user (id) WHERE isDisabled = 1",
        """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            actor TEXT, -- a username; null for the operator at the command line
            action TEXT NOT NULL,
            target TEXT NOT NULL,
            details TEXT NOT NULL
        ) STRICT
        """,
        "CREATE TRIGGER auditIsNotChanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END",
        "CREATE TRIGGER auditIsNotDeleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END",
    ]

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
