import GRDB
import Logging
import Model
import Synchronization

/// Writes, gathered so that many share one commit: whatever arrives while a commit waits for the disk goes into the
/// next one together.
///
/// Guarantees, for all writes of one database: each runs in a savepoint of its own, so that one that is refused
/// leaves no trace and does not harm its neighbours; `finish` is called once for each, after the commit, one at a
/// time, in the order in which they were committed.
final class CommitGroup: Sendable {
    /// One write. `perform` returns what is to be called after the commit.
    private struct Write {
        let perform: @Sendable (Database) throws -> @Sendable () -> Void
        let fail: @Sendable (ChatError) -> Void
    }

    private struct State {
        var waiting: [Write] = []
        var isScheduled = false
    }

    /// Most writes in one commit, so that the first in a group does not wait for ever.
    private static let writesMax = 256

    private let pool: DatabasePool
    private let logger: Logger
    private let state = Mutex(State())

    init(pool: DatabasePool, logger: Logger) {
        self.pool = pool
        self.logger = logger
    }

    /// Runs `body` in the next group. Does not block.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        finish: @escaping @Sendable (Result<Value, ChatError>) -> Void
    ) {
        let write = Write(
            perform: { db in
                let value = try body(db)
                return { finish(.success(value)) }
            },
            fail: { finish(.failure($0)) })
        let mustSchedule = state.withLock { state in
            state.waiting.append(write)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { schedule() }
    }

    /// The same for callers that wait. `committed` is called after the commit, in commit order.
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

    private func schedule() {
        pool.asyncWriteWithoutTransaction { [self] db in
            let group = state.withLock { state -> [Write] in
                let group = Array(state.waiting.prefix(Self.writesMax))
                state.waiting.removeFirst(group.count)
                return group
            }
            for finish in commit(group, db) { finish() }
            let hasMore = state.withLock { state in
                state.isScheduled = !state.waiting.isEmpty
                return state.isScheduled
            }
            if hasMore { schedule() }
        }
    }

    /// Commits a group. Where the database itself fails, the whole group does.
    private func commit(_ group: [Write], _ db: Database) -> [@Sendable () -> Void] {
        var finishes: [@Sendable () -> Void] = []
        do {
            try db.inTransaction(.immediate) {
                for write in group { finishes.append(try perform(write, db)) }
                return .commit
            }
            return finishes
        } catch {
            logger.error("database write failed", metadata: ["error": "\(error)", "writes": "\(group.count)"])
            return group.map { write in { write.fail(.storageUnavailable) } }
        }
    }

    private func perform(_ write: Write, _ db: Database) throws -> @Sendable () -> Void {
        var finish: (@Sendable () -> Void)?
        do {
            try db.inSavepoint {
                finish = try write.perform(db)
                return .commit
            }
        } catch let refusal as ChatError {
            return { write.fail(refusal) }
        } catch let error as DatabaseError where error.isOfTheWholeDatabase {
            throw error
        } catch {
            logger.error("a write failed", metadata: ["error": "\(error)"])
            return { write.fail(.internal) }
        }
        return finish ?? { write.fail(.internal) }
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
