package import Model

/// What was done with power over others. Entries are made by the store that changes the thing, in the same commit.
package protocol AuditStore: Sendable {
    /// The newest first.
    /// - Parameter before: only entries with smaller numbers.
    func entries(before: Int64?, limit: Int) async throws -> [AuditEntry]
    /// What somebody did, and what was done to them; the newest first, at most 10,000.
    func entries(about username: String) async throws -> [AuditEntry]
}
