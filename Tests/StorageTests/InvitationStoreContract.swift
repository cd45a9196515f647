import Foundation
import GRDB
import Model
import Storage
import Testing

@Suite("The contract of invitation and audit stores")
struct InvitationStoreContract {
    private let now = Timestamp.now
    private let hash = Data(repeating: 7, count: 32)

    private func invite(
        _ stores: Stores, by user: User, uses: Int = 1, lasting seconds: Int64 = 3600, role: Role = .member
    ) async throws -> Invitation {
        try await stores.invitations.create(
            NewInvitation(
                tokenHash: hash, inviter: user.id, createdAt: now, expiresAt: now + Seconds(seconds), usesMax: uses,
                role: role), by: user.username)
    }

    private func join(_ stores: Stores, _ username: String) async throws -> User {
        try await stores.users.create(
            NewUser(
                username: username, name: username, role: .member, passwordHash: "x", admission: .invitation(hash)))
    }

    @Test("An invitation lets in as many as it says, in its role, and nobody after them", arguments: Backend.allCases)
    func uses(backend: Backend) async throws {
        try await backend.withStores { stores in
            let admin = try await stores.makeUser("admin", role: .admin)
            _ = try await invite(stores, by: admin, uses: 2, role: .guest)
            #expect(try await join(stores, "moth").role == .guest)
            _ = try await join(stores, "cobweb")
            await #expect(performing: { try await join(stores, "puck") }, throws: isRefusal(.invitationInvalid))
            #expect(try await stores.users.user(named: "puck") == nil)
            #expect(try await stores.invitations.invitations(by: nil, limit: 9).map(\.uses) == [2])
        }
    }

    @Test("Of many who come at once, an invitation lets in no more than it says", arguments: Backend.allCases)
    func race(backend: Backend) async throws {
        try await backend.withStores { stores in
            let admin = try await stores.makeUser("admin", role: .admin)
            _ = try await invite(stores, by: admin, uses: 3)
            let joined = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask { (try? await join(stores, "fairy\(number)")) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(joined == 3)
        }
    }

    @Test("A name that is taken uses no invitation up", arguments: Backend.allCases)
    func taken(backend: Backend) async throws {
        try await backend.withStores { stores in
            let admin = try await stores.makeUser("admin", role: .admin)
            _ = try await invite(stores, by: admin)
            await #expect(performing: { try await join(stores, "admin") }, throws: isRefusal(.usernameTaken))
            _ = try await join(stores, "moth")
        }
    }

    @Test("An invitation that expired or was taken back lets nobody in", arguments: Backend.allCases)
    func over(backend: Backend) async throws {
        try await backend.withStores { stores in
            let admin = try await stores.makeUser("admin", role: .admin)
            let made = try await invite(stores, by: admin)
            let entry = NewAuditEntry(.revokeInvitation, "1", by: "admin")
            #expect(try await stores.invitations.revoke(made.id, audit: entry))
            #expect(try await !stores.invitations.revoke(made.id, audit: entry))
            await #expect(performing: { try await join(stores, "puck") }, throws: isRefusal(.invitationInvalid))
            #expect(try await stores.invitations.invitation(withTokenHash: hash)?.isUsable(at: now) == false)
        }
        try await backend.withStores { stores in
            let admin = try await stores.makeUser("admin", role: .admin)
            _ = try await invite(stores, by: admin, lasting: -1)
            await #expect(performing: { try await join(stores, "puck") }, throws: isRefusal(.invitationInvalid))
        }
    }

    @Test("An invitation does not outlive the rights of whoever made it", arguments: Backend.allCases)
    func backed(backend: Backend) async throws {
        try await backend.withStores { stores in
            _ = try await stores.makeUser("admin", role: .admin)
            let inviter = try await stores.makeUser("titania", role: .admin)
            _ = try await invite(stores, by: inviter, uses: 9, role: .moderator)
            _ = try await join(stores, "moth")
            for role in [Role.moderator, .member, .guest] {
                _ = try await stores.users.setRole(
                    role, of: inviter.id, audit: NewAuditEntry(.setRole, "titania", by: nil))
                await #expect(performing: { try await join(stores, "\(role)") }, throws: isRefusal(.invitationInvalid))
            }
            _ = try await stores.users.setRole(
                .admin, of: inviter.id, audit: NewAuditEntry(.setRole, "titania", by: nil))
            _ = try await join(stores, "cobweb")
            _ = try await stores.users.setDisabled(
                true, of: inviter.id, audit: NewAuditEntry(.disableUser, "titania", by: nil))
            await #expect(performing: { try await join(stores, "puck") }, throws: isRefusal(.invitationInvalid))
        }
    }

    @Test("Of many who set a server up at once, one becomes its administrator", arguments: Backend.allCases)
    func firstAdmin(backend: Backend) async throws {
        try await backend.withStores { stores in
            let made = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        (try? await stores.users.create(
                            NewUser(
                                username: "first\(number)", name: "First", role: .member, passwordHash: "x",
                                admission: .firstAdmin))) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(made == 1)
            let (users, entries) = (
                try await stores.users.allUsers(), try await stores.audit.entries(before: nil, limit: 10)
            )
            #expect(users.map(\.role) == [.admin])
            #expect(entries.map(\.action) == [.setUpServer])
        }
    }

    @Test("The last administrator can be neither demoted nor disabled", arguments: Backend.allCases)
    func lastAdmin(backend: Backend) async throws {
        try await backend.withStores { stores in
            let admin = try await stores.makeUser("admin", role: .admin)
            let entry = NewAuditEntry(.setRole, "admin", by: "admin")
            await #expect(
                performing: { try await stores.users.setRole(.member, of: admin.id, audit: entry) },
                throws: isRefusal(.lastAdmin))
            await #expect(
                performing: { try await stores.users.setDisabled(true, of: admin.id, audit: entry) },
                throws: isRefusal(.lastAdmin))
            #expect(try await stores.users.user(admin.id)?.role == .admin)
            #expect(try await stores.audit.entries(before: nil, limit: 10).map(\.details) == ["created as admin"])
            let other = try await stores.makeUser("titania", role: .admin)
            #expect(try await stores.users.setRole(.member, of: admin.id, audit: entry))
            await #expect(
                performing: { try await stores.users.setRole(.guest, of: other.id, audit: entry) },
                throws: isRefusal(.lastAdmin))
        }
    }

    @Test("What is in the audit log comes out newest first, in stretches", arguments: Backend.allCases)
    func audit(backend: Backend) async throws {
        try await backend.withStores { stores in
            _ = try await stores.makeUser("admin", role: .admin)
            let user = try await stores.makeUser("puck")
            for role in [Role.guest, .moderator, .member] {
                _ = try await stores.users.setRole(
                    role, of: user.id, audit: NewAuditEntry(.setRole, "puck", by: nil, details: role.rawValue))
            }
            let two = try await stores.audit.entries(before: nil, limit: 2)
            #expect(two.map(\.details) == ["member", "moderator"] && two.allSatisfy { $0.actor == nil })
            #expect(
                try await stores.audit.entries(before: two[1].id, limit: 2).map(\.details) == [
                    "guest", "created as admin",
                ])
        }
    }

    @Test("Nobody changes the audit log, not even with the database in hand")
    func unchangeable() async throws {
        try await TemporarySQLite.with { sqlite in
            _ = try await sqlite.stores.makeUser("admin", role: .admin)
            _ = try await invite(sqlite.stores, by: try await sqlite.stores.makeUser("titania"))
            for statement in [
                "UPDATE audit SET actor = 'puck'", "DELETE FROM audit",
                "INSERT OR REPLACE INTO audit VALUES (1, 0, 'puck', 'user.set_role', 'puck', '')",
            ] {
                #expect(throws: (any Error).self) { try sqlite.raw { try $0.execute(sql: statement) } }
            }
            #expect(try await sqlite.stores.audit.entries(before: nil, limit: 10).first?.actor == "titania")
        }
    }
}
