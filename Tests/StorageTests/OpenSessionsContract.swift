import Foundation
import Model
import Storage
import Testing

@Suite("The contract of session stores: everybody's open sign-ins")
struct OpenSessionsContract {
    private let now = Timestamp.now

    private func make(
        _ stores: Stores, of user: User, lasting seconds: Int64 = 60, ago: Int64 = 0
    ) async throws -> SessionID {
        try await stores.sessions.create(
            NewSession(
                user: user.id, kind: .browser, tokenHash: Data(UUID().uuidString.utf8), createdAt: now + Seconds(-ago),
                expiresAt: now + Seconds(seconds), client: Client(address: "203.0.113.9", userAgent: "Test")),
            refreshToken: nil)
    }

    @Test("are listed with whose they are, those used last first, page by page", arguments: Backend.allCases)
    func listed(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, oberon) = (try await stores.makeUser("titania"), try await stores.makeUser("oberon"))
            var made: [SessionID] = []
            for index in 0..<5 {
                made.append(
                    try await make(stores, of: index.isMultiple(of: 2) ? titania : oberon, ago: Int64(index / 2)))
            }
            _ = try await make(stores, of: oberon, lasting: -1)
            _ = try await stores.sessions.end(try await make(stores, of: oberon))
            var (found, cursor): ([PersonSession], SessionCursor?) = ([], nil)
            while true {
                let page = try await stores.sessions.openSessions(before: cursor, limit: 2, now: now)
                found += page
                guard let last = page.last?.session else { break }
                cursor = SessionCursor(lastUsedAt: last.lastUsedAt, id: last.id)
            }
            #expect(found.map(\.session.id) == [made[1], made[0], made[3], made[2], made[4]])
            #expect(found.map(\.username) == ["oberon", "titania", "oberon", "titania", "titania"])
            #expect(found.allSatisfy { $0.session.address == "203.0.113.9" && $0.session.userAgent == "Test" })
        }
    }

    @Test("are ended with an entry in the audit log, once", arguments: Backend.allCases)
    func ended(backend: Backend) async throws {
        try await backend.withStores { stores in
            let id = try await make(stores, of: try await stores.makeUser("titania"))
            let audit = NewAuditEntry(.endSession, "titania", by: "admin")
            #expect(try await stores.sessions.end(id, audit: audit))
            #expect(try await !stores.sessions.end(id, audit: audit))
            let entries = try await stores.audit.entries(before: nil, limit: 10)
            #expect(entries.map(\.action) == [.endSession] && entries.map(\.target) == ["titania"])
        }
    }
}
