import Auth
import Crypto
import Foundation
import Logging
import Model
import Storage
import Synchronization
import Testing

@testable import Chat

/// A chat on a database of its own, with what it published.
struct World {
    let chat: Chat
    let authenticator: Authenticator
    let events: Events
    let letterbox: Letterbox
    let hasher: PasswordHasher
    let path: String

    static func with(
        limits: Limits = Limits(), needsEmail: Bool = false, domains: Set<String> = [],
        lifetimes: Authenticator.Lifetimes = Authenticator.Lifetimes(),
        _ body: (World) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let database = try SQLiteDatabase(path: directory + "/parley.db", logger: logger)
        try database.migrate()
        let stores = Stores(database, cipher: MessageCipher(ring: KeyRing()))
        var cheap = PasswordHasher.Parameters()
        cheap.memoryKiB = 64
        cheap.iterations = 1
        let hasher = PasswordHasher(parameters: cheap)
        let authenticator = Authenticator(
            stores: stores, hasher: hasher,
            accessTokens: await AccessTokens(key: SymmetricKey(size: .bits256), lifetime: Seconds(3600)),
            tickets: Tickets(lifetime: Seconds(600)), limits: Limits(), lifetimes: lifetimes,
            factorKey: SymmetricKey(size: .bits256), needsEmail: needsEmail, logger: logger)
        let events = Events()
        let errands = Errands(logger: logger)
        let letterbox = Letterbox(errands: errands)
        let mail = AccountMail(
            post: letterbox, codes: EmailCodes(key: SymmetricKey(size: .bits256)), errands: errands, limits: Limits(),
            domains: domains)
        let chat = Chat(
            stores: stores, authenticator: authenticator, limits: limits, mail: mail, publish: events.add)
        try await body(
            World(
                chat: chat, authenticator: authenticator, events: events, letterbox: letterbox, hasher: hasher,
                path: directory + "/parley.db"))
        // It waits for readers, which may need the threads of Swift's pool to come to their end: not on one of those.
        try await withCheckedThrowingContinuation { done in
            Thread.detachNewThread { done.resume(with: Result { try database.close() }) }
        }
    }

    func person(_ username: String, role: Role = .member) async throws -> Principal {
        let user = try await authenticator.register(
            username: username, name: nil, password: "faerie123", role: role)
        return try await authenticator.openBrowserSession(for: user).principal
    }

    func say(_ text: String, in room: String, as principal: Principal, clientId: String? = nil) async throws -> Seq {
        try await chat.sendMessage(to: room, text: text, clientId: clientId, from: principal).message.seq
    }
}

/// What a chat published, in words.
final class Events: Sendable {
    private let list = Mutex<[String]>([])

    var all: [String] { list.withLock(\.self) }

    @Sendable func add(_ event: Event) {
        let words =
            switch event {
            case .messageSent(let message, let room) where message.removes != nil:
                "\(room.slug) #\(message.seq) removes #\(message.removes ?? 0)"
            case .messageSent(let message, let room): "\(room.slug) #\(message.seq) \(message.text)"
            case .readMoved(let user, let room, let seq): "\(user.rawValue) read \(room.slug) #\(seq)"
            case .roomJoined(let user, let view): "\(user.rawValue) joined \(view.slug)"
            case .roomLeft(let user, let room, .choice): "\(user.rawValue) left \(room.slug)"
            case .roomLeft(let user, let room, .kicked): "\(user.rawValue) kicked from \(room.slug)"
            case .roomLeft(let user, let room, .banned): "\(user.rawValue) banned from \(room.slug)"
            case .roomChanged(let room, let head): "\(room.slug) is \(head.name)"
            case .placeChanged(let user, let room, let place):
                "\(user.rawValue) \(place.muted == nil ? "" : "muted ")\(place.role.rawValue) of \(room.slug)"
            case .roleChanged(let user, let role): "\(user.rawValue) is \(role.rawValue)"
            case .sessionsEnded(let sessions): "sessions \(sessions.map(\.rawValue).sorted()) ended"
            case .personChanged(let change, _): "\(change.username) is \(change.person.name)"
            case .accountDisabled(let user): "\(user.rawValue) disabled"
            }
        list.withLock { $0.append(words) }
    }
}

func isRefusal(_ code: ChatError.Code) -> (any Error) -> Bool {
    { ($0 as? ChatError)?.code == code }
}
