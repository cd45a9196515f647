package import Foundation
import GRDB
package import Model

package struct SQLiteInvitationStore: InvitationStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(_ new: NewInvitation, by actor: String) async throws -> Invitation {
        try await database.writes.write { db in
            try db.execute(
                sql: """
                    INSERT INTO invitation (tokenHash, inviterId, createdAt, expiresAt, usesMax, role)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    new.tokenHash, new.inviter.rawValue, new.createdAt.milliseconds, new.expiresAt.milliseconds,
                    new.usesMax, new.role.rawValue,
                ])
            guard let made = try Self.invitation(db, "invitation.id = ?", [db.lastInsertedRowID]) else {
                throw ChatError.internal
            }
            let details = "for \(new.usesMax) as \(new.role.rawValue), until \(new.expiresAt.iso8601)"
            try SQLiteAuditStore.append(
                NewAuditEntry(.createInvitation, "\(made.id.rawValue)", by: actor, details: details), db)
            return made
        }
    }

    package func invitation(withTokenHash hash: Data) async throws -> Invitation? {
        try await database.read { try Self.invitation($0, "tokenHash = ?", [hash]) }
    }

    package func invitations(by inviter: UserID?, limit: Int) async throws -> [Invitation] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: Self.select
                    + " WHERE :inviter IS NULL OR inviterId = :inviter ORDER BY invitation.id DESC LIMIT :limit",
                arguments: ["inviter": inviter?.rawValue, "limit": limit]
            ).map(Invitation.init(row:))
        }
    }

    package func inviters() async throws -> [UserID: String] {
        try await database.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT user.id, inviter.username FROM user JOIN invitation ON invitation.id = user.invitationId
                    JOIN user AS inviter ON inviter.id = invitation.inviterId
                    """)
            return Dictionary(uniqueKeysWithValues: rows.map { (UserID(rawValue: $0[0]), $0[1]) })
        }
    }

    package func revoke(_ id: InvitationID, audit: NewAuditEntry) async throws -> Bool {
        try await database.writes.write { db in
            try db.execute(
                sql: "UPDATE invitation SET revokedAt = ? WHERE id = ? AND revokedAt IS NULL",
                arguments: [Timestamp.now.milliseconds, id.rawValue])
            guard db.changesCount > 0 else { return false }
            try SQLiteAuditStore.append(audit, db)
            return true
        }
    }

    /// Counts one more who joins.
    /// - Throws: `invitation_invalid`.
    static func use(_ tokenHash: Data, _ db: Database) throws -> Invitation {
        guard let invitation = try invitation(db, "tokenHash = ?", [tokenHash]), invitation.isUsable(at: .now) else {
            throw ChatError.invitationInvalid
        }
        try db.execute(
            sql: "UPDATE invitation SET uses = uses + 1 WHERE id = ?", arguments: [invitation.id.rawValue])
        return invitation
    }

    private static let select = """
        SELECT invitation.*, user.username AS inviter, user.role AS inviterRole, \(User.isOut()) AS inviterIsOut
        FROM invitation JOIN user ON user.id = invitation.inviterId
        """

    private static func invitation(
        _ db: Database, _ condition: String, _ arguments: StatementArguments
    ) throws -> Invitation? {
        try Row.fetchOne(db, sql: "\(select) WHERE \(condition)", arguments: arguments).map(Invitation.init(row:))
    }
}

extension Invitation {
    /// From a row of the table `invitation`, with the inviter's username.
    fileprivate init(row: Row) throws {
        guard let role = Role(rawValue: row["role"]), let inviterRole = Role(rawValue: row["inviterRole"]) else {
            throw ChatError.internal
        }
        let mayInvite = inviterRole.permissions.isSuperset(of: [.invitePeople, Invitation.permission(for: role)])
        self.init(
            id: InvitationID(rawValue: row["id"]), inviter: row["inviter"],
            createdAt: Timestamp(milliseconds: row["createdAt"]), expiresAt: Timestamp(milliseconds: row["expiresAt"]),
            usesMax: row["usesMax"], uses: row["uses"], isRevoked: (row["revokedAt"] as Int64?) != nil, role: role,
            isBacked: mayInvite && !row["inviterIsOut"])
    }
}
