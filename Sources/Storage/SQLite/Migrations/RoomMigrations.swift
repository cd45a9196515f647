import GRDB

/// Roles in rooms, restrictions, removals and reports.
extension SQLiteMigrations {
    static func addRoomMigrations(to migrator: inout DatabaseMigrator) {
        migrator.registerMigration("0030 room roles, restrictions, suspensions") { db in
            for statement in roles { try db.execute(sql: statement) }
        }
        migrator.registerMigration("0031 removed messages, reports") { db in
            for statement in removals { try db.execute(sql: statement) }
        }
    }

    private static let roles = [
        """
        ALTER TABLE membership ADD COLUMN
            role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'moderator', 'member'))
        """,
        // When the person last wrote, or came into a room in slow mode.
        "ALTER TABLE membership ADD COLUMN spokeAt INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE room ADD COLUMN slowSeconds INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE room ADD COLUMN isLocked INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE room ADD COLUMN isAnnouncement INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE user ADD COLUMN suspendedUntil INTEGER",
        "CREATE INDEX suspendedUser ON user (suspendedUntil) WHERE suspendedUntil IS NOT NULL",
        """
        CREATE TABLE restriction (
            roomId INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
            userId INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('ban', 'mute')),
            until INTEGER NOT NULL, -- the largest number of 64 bits: until it is lifted
            createdAt INTEGER NOT NULL,
            actorId INTEGER REFERENCES user (id) ON DELETE SET NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (roomId, userId, kind)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX restrictionOfUser ON restriction (userId)",
        // Rooms from before belong to whoever was in them first: their makers.
        """
        UPDATE membership SET role = 'owner' WHERE (roomId, userId) IN (
            SELECT roomId, userId FROM (
                SELECT roomId, userId, row_number() OVER (PARTITION BY roomId ORDER BY joinedAt, userId) AS place
                FROM membership JOIN room ON room.id = roomId WHERE room.kind <> 'direct')
            WHERE place = 1)
        """,
    ]

    private static let removals = [
        "ALTER TABLE message ADD COLUMN removedBy TEXT CHECK (removedBy IN ('author', 'moderator'))",
        // The place of the message that this entry says is removed.
        "ALTER TABLE message ADD COLUMN removes INTEGER",
        "CREATE INDEX messageRemoval ON message (roomId, seq) WHERE removes IS NOT NULL",
        """
        CREATE TABLE report (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            roomId INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
            seq INTEGER NOT NULL,
            reporterId INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            reason TEXT NOT NULL,
            createdAt INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved', 'dismissed')),
            closedAt INTEGER,
            closedBy TEXT, -- a username
            UNIQUE (roomId, seq, reporterId)
        ) STRICT
        """,
        "CREATE INDEX reportByState ON report (state, id)",
    ]
}
