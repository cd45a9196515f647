import Foundation
import GRDB
package import Logging
import Model

/// The embedded database: SQLite in WAL mode with `synchronous=FULL`, so that what is committed survives a power cut.
///
/// Reads run side by side on GRDB's own reader threads, writes one group at a time on its writer thread
/// (`CommitGroup`); neither ever runs on an event loop or on Swift's cooperative threads.
package final class SQLiteDatabase: Sendable {
    let pool: DatabasePool
    let writes: CommitGroup
    let logger: Logger

    /// Opens, or creates, the database file.
    /// - Throws: `NewerDatabaseError` when a newer Parley has written it; it is then left as it is.
    package init(path: String, logger: Logger) throws {
        try Self.refuseNewer(path: path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        pool = try DatabasePool(path: path, configuration: configuration)
        // After opening: GRDB turns a WAL database to NORMAL by itself.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        writes = CommitGroup(pool: pool, logger: logger)
        self.logger = logger
    }

    /// Brings the tables up to date. Running it again does nothing.
    package func migrate() throws {
        try SQLiteMigrations.migrator.migrate(pool)
    }

    /// Whether all migrations have been run, and the database answers.
    package func isReady() async -> Bool {
        (try? await pool.read { try SQLiteMigrations.migrator.hasCompletedMigrations($0) }) ?? false
    }

    /// Whether there is anything that only the message keys can read.
    package func hasMessages() async throws -> Bool {
        try await pool.read { db in
            guard try db.tableExists("message") else { return false }
            return try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM message)") ?? false
        }
    }

    /// The values of these pragmas on the connection that writes, for tests.
    package func writerPragmas(_ names: [String]) async throws -> [String] {
        try await pool.writeWithoutTransaction { db in
            try names.map { try String.fetchOne(db, sql: "PRAGMA \($0)") ?? "" }
        }
    }

    package func close() throws {
        try pool.close()
    }

    /// Runs a query on a reader thread.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch let error as DatabaseError {
            logger.error("database read failed", metadata: ["error": "\(error)"])
            throw ChatError.storageUnavailable
        }
    }

    /// Looks before it opens: a database from the future is not touched, not even its journal mode.
    private static func refuseNewer(path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let unknown = try queue.read { db -> [String] in
            guard try db.tableExists("grdb_migrations") else { return [] }
            let known = Set(SQLiteMigrations.migrator.migrations)
            return try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations").filter { !known.contains($0) }
        }
        guard unknown.isEmpty else { throw NewerDatabaseError(path: path, migrations: unknown) }
    }
}

/// The database was written by a newer Parley.
package struct NewerDatabaseError: Error, CustomStringConvertible {
    let path: String
    let migrations: [String]

    package var description: String {
        """
        \(path) was written by a newer Parley (it has \(migrations.sorted().joined(separator: ", ")), which this one \
        does not know). It was not touched. Start the newer version, or put back a backup from before the upgrade.
        """
    }
}
