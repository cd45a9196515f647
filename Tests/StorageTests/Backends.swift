import Foundation
import GRDB
import Logging
import Model
import Storage
import Testing

/// A database that the contract suites run against. Another backend joins by another case.
enum Backend: String, CaseIterable, Sendable {
    case sqlite

    /// A fresh, empty database for one test, removed after it.
    func withStores(_ body: (Stores) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            try await TemporarySQLite.with { try await body($0.stores) }
        }
    }
}

/// A SQLite database in a directory of its own.
struct TemporarySQLite {
    let directory: String
    let database: SQLiteDatabase
    let ring: KeyRing
    let cipher: MessageCipher
    let stores: Stores

    var path: String { directory + "/parley.db" }

    static func with(_ body: (TemporarySQLite) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let database = try SQLiteDatabase(path: directory + "/parley.db", logger: .quiet)
        try database.migrate()
        let ring = KeyRing()
        let cipher = MessageCipher(ring: ring)
        try await body(
            TemporarySQLite(
                directory: directory, database: database, ring: ring, cipher: cipher,
                stores: Stores(database, cipher: cipher)))
        try database.close()
    }

    /// The file as any other program sees it.
    func raw<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try DatabaseQueue(path: path).write(body)
    }
}

extension Logger {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

extension Stores {
    func makeUser(_ username: String, role: Role = .member) async throws -> User {
        try await users.create(
            NewUser(username: username, name: username.capitalized, role: role, passwordHash: "hash of \(username)"))
    }

    func makeRoom(_ slug: String, kind: RoomKind = .public, by user: User?) async throws -> RoomView {
        try await rooms.create(
            NewRoom(name: slug.capitalized, topic: "", kind: kind, slug: .exactly(slug)), by: user?.id,
            committed: { _ in })
    }

    func append(_ text: String, to room: String, by user: User, clientId: String? = nil) async throws -> SentMessage {
        try await withCheckedThrowingContinuation { continuation in
            messages.append(NewMessage(room: room, sender: user.id, text: text, clientId: clientId)) {
                continuation.resume(with: $0)
            }
        }
    }

    func markRead(_ room: String, _ seq: Seq, by user: User) async throws -> ReadPosition {
        try await withCheckedThrowingContinuation { continuation in
            messages.markRead(room, seq: seq, user: user.id) { continuation.resume(with: $0) }
        }
    }
}

/// Whether an error is a refusal with this code.
func isRefusal(_ code: ChatError.Code) -> (any Error) -> Bool {
    { ($0 as? ChatError)?.code == code }
}
