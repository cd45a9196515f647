import GRDB
package import Model

package struct SQLiteUserStore: UserStore {
    let database: SQLiteDatabase

    package init(_ database: SQLiteDatabase) { self.database = database }

    package func create(_ new: NewUser) async throws -> User {
        try await database.writes.write { db in
            guard try Self.user(db, "username = ?", [new.username]) == nil, try !Self.wasDeleted(new.username, db)
            else {
                throw ChatError(.usernameTaken, "This username is taken.", field: "username")
            }
            var role = new.role
            var invitation: InvitationID?
            switch new.admission {
            case .open where role != .member:
                try SQLiteAuditStore.append(
                    NewAuditEntry(.setRole, new.username, by: nil, details: "created as \(role.rawValue)"), db)
            case .open: break
            case .invitation(let tokenHash):
                let used = try SQLiteInvitationStore.use(tokenHash, db)
                (role, invitation) = (used.role, used.id)
            case .firstAdmin:
                guard try !Self.hasAdmin(db) else {
                    throw ChatError(.setUpDone, "This server has an administrator already. Sign in instead.")
                }
                role = .admin
                try SQLiteAuditStore.append(NewAuditEntry(.setUpServer, new.username, by: new.username), db)
            }
            try SQLiteLookAlikes.checkUsername(new.username, db)
            let name = try SQLiteLookAlikes.name(new.name, of: new.username, nil, db)
            try db.cachedStatement(
                sql: """
                    INSERT INTO user (username, name, nameKey, role, passwordHash, createdAt, invitationId)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                new.username, name.shown, name.key, role.rawValue, new.passwordHash, Timestamp.now.milliseconds,
                invitation?.rawValue,
            ])
            let id = UserID(rawValue: db.lastInsertedRowID)
            if let identity = new.identity { try SQLiteIdentityStore.insert(identity, of: id, db) }
            switch new.email {
            case .verified(let address): _ = try SQLiteEmailStore.setVerified(address, of: id, at: .now, db)
            case .claimed(let claim): try SQLiteEmailStore.claim(claim, of: id, db)
            case nil: break
            }
            guard let user = try Self.user(db, "id = ?", [id.rawValue]) else { throw ChatError.internal }
            return user
        }
    }

    package func user(_ id: UserID) async throws -> User? {
        try await database.read { try Self.user($0, "id = ?", [id.rawValue]) }
    }

    package func user(named username: String) async throws -> User? {
        try await database.read { try Self.user($0, "username = ? AND deletedAt IS NULL", [username]) }
    }

    package func credentials(ofUserNamed username: String) async throws -> (user: User, passwordHash: String?)? {
        try await database.read { db in
            // A bot has no password: to whoever tries one it is nobody.
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT \(User.columns) FROM user WHERE username = ? AND isBot = 0 AND deletedAt IS NULL",
                    arguments: [username])
            else { return nil }
            let user = try User(row: row)
            return (user, user.hasPassword ? row["passwordHash"] : nil)
        }
    }

    package func setPasswordHash(
        _ hash: String, of id: UserID, keeping kept: SessionID?, endingTokens: Bool, audit: NewAuditEntry?
    ) async throws -> [SessionID]? {
        try await database.writes.write { db in
            try Self.setPasswordHash(hash, of: id, keeping: kept, endingTokens: endingTokens, audit: audit, db)
        }
    }

    static func setPasswordHash(
        _ hash: String, of id: UserID, keeping kept: SessionID?, endingTokens: Bool = true,
        audit: NewAuditEntry?, _ db: Database
    ) throws -> [SessionID]? {
        let assignments = "passwordHash = ?, passwordVersion = passwordVersion + 1"
        guard try Self.update(assignments, [hash], of: id, audit: audit, db) else { return nil }
        try SQLitePasswordResetStore.forget(of: id, db)
        return try SQLiteSessionStore.endAll(of: id, but: kept, withTokens: endingTokens, db)
    }

    package func wasInvited(_ id: UserID) async throws -> Bool {
        try await database.read { db in
            try Bool.fetchOne(
                db, sql: "SELECT invitationId IS NOT NULL FROM user WHERE id = ?", arguments: [id.rawValue]) ?? false
        }
    }

    package func replacePasswordHash(_ old: String, with new: String, of id: UserID) async throws {
        try await database.writes.write { db in
            try db.execute(
                sql: "UPDATE user SET passwordHash = ? WHERE id = ? AND passwordHash = ?",
                arguments: [new, id.rawValue, old])
        }
    }

    package func setRole(_ role: Role, of id: UserID, audit: NewAuditEntry) async throws -> Bool {
        try await update("role = ?", [role.rawValue], of: id, audit: audit)
    }

    package func setDisabled(_ isDisabled: Bool, of id: UserID, audit: NewAuditEntry) async throws -> Bool {
        try await database.writes.write { db in
            guard try Self.update("isDisabled = ?", [isDisabled], of: id, audit: audit, db) else { return false }
            guard isDisabled else { return true }
            // Nobody answers for their bots any more.
            let bots = try Int64.fetchAll(db, sql: "SELECT userId FROM bot WHERE ownerId = ?", arguments: [id.rawValue])
            for user in [id.rawValue] + bots {
                _ = try SQLiteSessionStore.endAll(of: UserID(rawValue: user), but: nil, withTokens: true, db)
            }
            return true
        }
    }

    package func setSuspended(until: Timestamp?, of id: UserID, audit: NewAuditEntry) async throws -> Bool {
        try await database.writes.write { db in
            guard try Self.update("suspendedUntil = ?", [until?.milliseconds], of: id, audit: audit, db) else {
                return false
            }
            if until != nil { _ = try SQLiteSessionStore.endAll(of: id, but: nil, withTokens: false, db) }
            return true
        }
    }

    package func hasAdmin() async throws -> Bool {
        try await database.read { try Self.hasAdmin($0) }
    }

    private static func hasAdmin(_ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (
                    SELECT 1 FROM user WHERE role = 'admin' AND isDisabled = 0 AND coalesce(suspendedUntil, 0) <= ?)
                """, arguments: [Timestamp.now.milliseconds]) ?? false
    }

    package func disabledUsers() async throws -> Set<UserID> {
        try await database.read { db in
            Set(
                try Int64.fetchAll(
                    db, sql: "SELECT id FROM user WHERE isDisabled = 1 OR suspendedUntil > ?",
                    arguments: [Timestamp.now.milliseconds]
                ).map(UserID.init(rawValue:)))
        }
    }

    package func allUsers() async throws -> [User] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT \(User.columns) FROM user WHERE deletedAt IS NULL ORDER BY username"
            ).map(User.init(row:))
        }
    }

    package func people(matching text: String, limit: Int) async throws -> [Person] {
        let prefix = text.replacing(/[\\%_]/) { "\\" + $0.output } + "%"
        return try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT username, name, isBot FROM user
                    WHERE isDisabled = 0 AND (username LIKE :prefix ESCAPE '\\' OR name LIKE :prefix ESCAPE '\\')
                    ORDER BY username LIMIT :limit
                    """, arguments: ["prefix": prefix, "limit": limit]
            ).map(Person.init(row:))
        }
    }

    static func user(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws -> User? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT \(User.columns) FROM user WHERE \(condition)"), arguments: arguments
        )
        .map(User.init(row:))
    }

    /// A server that had an administrator has one afterwards.
    private func update(
        _ assignment: String, _ arguments: StatementArguments, of id: UserID, audit: NewAuditEntry?
    ) async throws -> Bool {
        try await database.writes.write { try Self.update(assignment, arguments, of: id, audit: audit, $0) }
    }

    static func update(
        _ assignment: String, _ arguments: StatementArguments, of id: UserID, audit: NewAuditEntry?, _ db: Database
    ) throws -> Bool {
        let hadAdmin = try hasAdmin(db)
        try db.execute(sql: "UPDATE user SET \(assignment) WHERE id = ?", arguments: arguments + [id.rawValue])
        guard db.changesCount > 0 else { return false }
        guard try !hadAdmin || hasAdmin(db) else {
            throw ChatError(.lastAdmin, "This is the last administrator. Make somebody else one first.")
        }
        if let audit { try SQLiteAuditStore.append(audit, db) }
        return true
    }
}

extension User {
    /// What `init(row:)` needs, of the table `user`.
    static let columns = "user.*, EXISTS (SELECT 1 FROM email WHERE email.userId = user.id) AS hasEmail"

    /// A condition: somebody is disabled, or suspended just now.
    /// - Parameter table: `user`, or what it is called in the query.
    static func isOut(_ table: String = "user") -> String {
        "(\(table).isDisabled OR coalesce(\(table).suspendedUntil, 0) > (julianday('now') - 2440587.5) * 86400000)"
    }

    /// From a row with `columns`.
    init(row: Row) throws {
        guard let role = Role(rawValue: row["role"]) else { throw ChatError.internal }
        let suspension = (row["suspendedUntil"] as Int64?).flatMap { $0 > Timestamp.now.milliseconds ? $0 : nil }
        self.init(
            id: UserID(rawValue: row["id"]), username: row["username"], name: row["name"], role: role,
            isDisabled: row["isDisabled"] || suspension != nil, createdAt: Timestamp(milliseconds: row["createdAt"]),
            isBot: row["isBot"], hasPassword: row["passwordHash"] != "", hasEmail: row["hasEmail"],
            passwordVersion: row["passwordVersion"], suspendedUntil: suspension.map(Timestamp.init(milliseconds:)))
    }
}

extension Person {
    /// From a row with columns of the table `user`.
    init(row: Row) {
        self.init(username: row["username"], name: row["name"], isBot: row["isBot"])
    }
}
