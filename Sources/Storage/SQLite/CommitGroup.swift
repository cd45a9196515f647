import GRDB
import Logging
import Model
import Synchronization

/// Writes, gathered so that many share one commit: whatever arrives while a commit waits for the disk goes into the
/// next one together.
///
/// Guarantees, for all writes of one database: one that is refused leaves no trace and does not harm its neighbours;
/// `finish` is called once for each, after the commit, one at a time, in the order in which they were committed.
final class CommitGroup: Sendable {
    /// One write. `perform` returns what is to be called after the commit.
    private struct Write {
        let kind: Kind
        let fail: @Sendable (ChatError) -> Void
    }

    private enum Kind {
        /// Runs in a savepoint of its own, on tables that are up to date.
        case any(@Sendable (Database) throws -> @Sendable () -> Void)
        /// Moves positions through the cache, and changes at most one row besides.
        case position(@Sendable (inout PositionCache, Database) throws -> @Sendable () -> Void)
    }

    private struct Waiting {
        var writes: [Write] = []
        var isScheduled = false
    }

    /// What the writer knows. Held by the writer thread for the length of a group, so nobody ever waits for it.
    private struct Writer {
        var cache = PositionCache()
        /// SQLite's count of what other connections, other processes' too, have committed.
        var dataVersion: Int64 = -1
        var witness: StreamWitness?
    }

    /// Most writes in one commit, so that the first in a group does not wait for ever. Many, since a commit writes each
    /// page that it touched once, however many rows on it have changed.
    private static let writesMax = 4096

    private let pool: DatabasePool
    private let logger: Logger
    private let gather: @Sendable (() -> Void) -> Void
    private let waiting = Mutex(Waiting())
    private let writer = Mutex(Writer())

    /// - Parameter gather: called after each commit with the calls of `finish` that are due; has to make them all
    ///   before it returns.
    init(pool: DatabasePool, logger: Logger, gather: @escaping @Sendable (() -> Void) -> Void) {
        self.pool = pool
        self.logger = logger
        self.gather = gather
    }

    /// From now on positions are told to a witness before anybody else.
    func use(_ witness: StreamWitness) {
        writer.withLock { $0.witness = witness }
    }

    /// Runs `body` in the next group. Does not block.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        finish: @escaping @Sendable (Result<Value, ChatError>) -> Void
    ) {
        add(
            .any { db in
                let value = try body(db)
                return { finish(.success(value)) }
            }, fail: { finish(.failure($0)) })
    }

    /// Runs `body` in the next group, with the cache in place of a savepoint. It may run one statement that changes
    /// something, and has to be refused before that, if at all. Does not block.
    func move<Value: Sendable>(
        _ body: @escaping @Sendable (inout PositionCache, Database) throws -> Value,
        finish: @escaping @Sendable (Result<Value, ChatError>) -> Void
    ) {
        add(
            .position { cache, db in
                let value = try body(&cache, db)
                return { finish(.success(value)) }
            }, fail: { finish(.failure($0)) })
    }

    /// The same as `write` for callers that wait. `committed` is called after the commit, in commit order.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        committed: @escaping @Sendable (Value) -> Void = { _ in }
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            write(body) { result in
                if case .success(let value) = result { committed(value) }
                continuation.resume(with: result)
            }
        }
    }

    private func add(_ kind: Kind, fail: @escaping @Sendable (ChatError) -> Void) {
        let mustSchedule = waiting.withLock { waiting in
            waiting.writes.append(Write(kind: kind, fail: fail))
            defer { waiting.isScheduled = true }
            return !waiting.isScheduled
        }
        if mustSchedule { schedule() }
    }

    private func schedule() {
        pool.asyncWriteWithoutTransaction { [self] db in
            let group = waiting.withLock { waiting -> [Write] in
                guard waiting.writes.count > Self.writesMax else {
                    defer { waiting.writes = [] }
                    return waiting.writes
                }
                defer { waiting.writes.removeFirst(Self.writesMax) }
                return Array(waiting.writes.prefix(Self.writesMax))
            }
            let finishes = writer.withLock { commit(group, &$0, db) }
            gather { for finish in finishes { finish() } }
            let hasMore = waiting.withLock { waiting in
                waiting.isScheduled = !waiting.writes.isEmpty
                return waiting.isScheduled
            }
            if hasMore { schedule() }
        }
    }

    /// Commits a group. Where the database itself fails, the whole group does.
    private func commit(_ group: [Write], _ writer: inout Writer, _ db: Database) -> [@Sendable () -> Void] {
        var finishes: [@Sendable () -> Void] = []
        finishes.reserveCapacity(group.count)
        do {
            try db.inTransaction(.immediate) {
                try noticeOthers(&writer, db)
                for write in group { finishes.append(try perform(write, &writer.cache, db)) }
                try writer.cache.save(db)
                return .commit
            }
            writer.witness?.saw(writer.cache.takeMessageCount())
            writer.cache.forgetIfFull()
            return finishes
        } catch {
            writer.cache = PositionCache()
            logger.error("database write failed", metadata: ["error": "\(error)", "writes": "\(group.count)"])
            return group.map { write in { write.fail(.storageUnavailable) } }
        }
    }

    /// Forgets what is remembered if another process, the command line, has changed anything. Asked inside of the
    /// transaction, since nobody else can change anything from then on.
    private func noticeOthers(_ writer: inout Writer, _ db: Database) throws {
        let version = try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA data_version")) ?? -1
        guard version != writer.dataVersion else { return }
        writer.dataVersion = version
        writer.cache.forget()
    }

    private func perform(
        _ write: Write, _ cache: inout PositionCache, _ db: Database
    ) throws -> @Sendable () -> Void {
        do {
            switch write.kind {
            case .position(let body):
                return try body(&cache, db)
            case .any(let body):
                try cache.save(db)
                cache.forget()
                var finish: @Sendable () -> Void = { write.fail(.internal) }
                try db.inSavepoint {
                    finish = try body(db)
                    return .commit
                }
                return finish
            }
        } catch let refusal as ChatError {
            return { write.fail(refusal) }
        } catch let error as DatabaseError where error.isOfTheWholeDatabase {
            throw error
        } catch {
            logger.error("a write failed", metadata: ["error": "\(error)"])
            return { write.fail(.internal) }
        }
    }
}

extension DatabaseError {
    /// Nothing can be written just now, whatever it is: the disk is full or failing, or the file is locked or damaged.
    fileprivate var isOfTheWholeDatabase: Bool {
        switch resultCode.primaryResultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_BUSY, .SQLITE_CORRUPT, .SQLITE_INTERRUPT,
            .SQLITE_READONLY, .SQLITE_NOTADB, .SQLITE_CANTOPEN:
            true
        default: false
        }
    }
}
