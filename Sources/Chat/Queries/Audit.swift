package import Model
import Storage

extension Chat {
    /// What was done with power over others, the newest first.
    /// - Parameters:
    ///   - before: only entries with smaller numbers.
    ///   - limit: 1 to 500.
    /// - Throws: `not_allowed`.
    package func audit(before: Int64? = nil, limit: Int = 100, for principal: Principal) async throws -> [AuditEntry] {
        try principal.require(.administer)
        return try await stores.audit.entries(before: before, limit: min(max(limit, 1), 500))
    }

    /// Everybody's addresses, for administrators.
    /// - Throws: `not_allowed`.
    package func allEmails(for principal: Principal) async throws -> [UserID: AccountEmail] {
        try principal.require(.administer)
        return try await stores.emails.allEmails()
    }

    /// Everybody, for administrators.
    /// - Throws: `not_allowed`.
    package func allUsers(for principal: Principal) async throws -> [User] {
        try principal.require(.administer)
        return try await stores.users.allUsers()
    }
}
