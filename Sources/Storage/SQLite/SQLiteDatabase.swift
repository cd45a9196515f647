import Foundation
import GRDB
package import Logging
import Model

/// The embedded database: SQLite in WAL mode with `synchronous=FULL`, so that what is committed survives a power cut.
///
/// Reads run side by side on GRDB's own reader threads, writes one group at a time on its writer thread
/// (`CommitGroup`); neither ever runs on an event loop or on Swift's cooperative threads.
package final class SQLiteDatabase: Sendable {
    /// Pages in the journal (4 KiB each) after which they are moved into the database. Rooms that are busy write the
    /// same pages again and again, so that moving them rarely saves most of it: with SQLite's own 1,000, a fifth of the
    /// writer's time went there.
    private static let checkpointPages = 8000

    let pool: DatabasePool
    let writes: CommitGroup
    let logger: Logger

    /// Opens, or creates, the database file.
    /// - Parameter gather: called after each commit with all that is to be told because of it, which it has to let
    ///   happen before it returns; whoever passes it on can then do so once for all.
    /// - Throws: `NewerDatabaseError` when a newer Parley has written it; it is then left as it is.
    package init(
        path: String, logger: Logger, gather: @escaping @Sendable (() -> Void) -> Void = { $0() }
    ) throws {
        try Self.refuseNewer(path: path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        pool = try DatabasePool(path: path, configuration: configuration)
        // After opening: GRDB turns a WAL database to NORMAL by itself.
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // What is removed is overwritten, not only let go of.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
        }
        writes = CommitGroup(pool: pool, logger: logger, gather: gather)
        self.logger = logger
    }

    /// Brings the tables up to date. Running it again does nothing.
    package func migrate() throws {
        try SQLiteMigrations.migrator.migrate(pool)
    }

    /// Looks whether the database has gone back in time since the server last ran, and gives it a new epoch if so. Call
    /// it before anybody is told anything.
    ///
    /// Two things tell: it is behind its witness, or it is another file than it was. What neither can tell is a whole
    /// data directory that was put back in place, file by file; a client that has got further than that is told to
    /// reload, too.
    /// - Returns: whether the epoch is new.
    package func beginStream() throws -> Bool {
        let witness = pool.path + "-witness"
        let file = try FileManager.default.attributesOfItem(atPath: pool.path)
        let identity = "\(file[.systemNumber] ?? 0):\(file[.systemFileNumber] ?? 0)"
        let (now, isNew) = try pool.write { db in
            let stream = try Row.fetchOne(db, sql: "SELECT epoch, file FROM stream")
            let epoch: String? = stream?["epoch"]
            let count = try Int64.fetchOne(db, sql: "SELECT coalesce(sum(lastSeq), 0) FROM room") ?? 0
            let said = StreamWitness.testimony(witness)
            let known: String? = stream?["file"]
            let isSame = known == nil || known == identity
            if let epoch, isSame, said.map({ $0.epoch == epoch && $0.count <= count }) ?? true {
                try db.execute(sql: "UPDATE stream SET file = ?", arguments: [identity])
                return (StreamWitness.Testimony(epoch: epoch, count: count), false)
            }
            let new = Epoch.random().text
            try db.execute(sql: "UPDATE stream SET epoch = ?, file = ?", arguments: [new, identity])
            return (StreamWitness.Testimony(epoch: new, count: count), true)
        }
        writes.use(try StreamWitness(path: witness, now))
        return isNew
    }

    /// Whether all migrations have been run, and the database answers.
    package func isReady() async -> Bool {
        (try? await pool.read { try SQLiteMigrations.migrator.hasCompletedMigrations($0) }) ?? false
    }

    /// Whether there is anything that only the message keys can read.
    package func hasMessages() async throws -> Bool {
        try await pool.read { db in
            for table in ["message", "mail", "outgoingHook"] where try db.tableExists(table) {
                let sql = "SELECT EXISTS (SELECT 1 FROM \(table) WHERE keyId IS NOT NULL)"
                if try Bool.fetchOne(db, sql: sql) ?? false { return true }
            }
            return false
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

    /// What is wrong with a database file, looked at without changing it; `nil` where it is whole.
    package static func fault(path: String) async throws -> String? {
        do {
            try refuseNewer(path: path)
            var configuration = Configuration()
            configuration.readonly = true
            let answer = try await DatabaseQueue(path: path, configuration: configuration).read { db in
                try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
            }
            return answer == "ok" ? nil : answer ?? "SQLite says nothing about it"
        } catch let error as DatabaseError where error.isOfADamagedFile {
            return error.message ?? "\(error.resultCode)"
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

extension DatabaseError {
    /// Not even its tables could be looked up.
    fileprivate var isOfADamagedFile: Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(resultCode.primaryResultCode)
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
