import GRDB

extension SQLiteMigrations {
    /// Access tokens, bots and hooks.
    static func registerBots(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("0040 access tokens and bots") { db in
            for statement in tokensAndBots { try db.execute(sql: statement) }
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
}
