package import Model
import Storage

extension Chat {
    /// Tells the sockets of everybody who is disabled and was not in `known`: another process, the command line, may
    /// have done it.
    /// - Returns: those who are disabled now.
    package func noticeDisabledUsers(since known: Set<UserID>) async throws -> Set<UserID> {
        let disabled = try await stores.users.disabledUsers()
        for user in disabled.subtracting(known) { publish(.accountDisabled(user)) }
        return disabled
    }

    /// The same of sign-ins that were ended since a moment, or that nobody ended but whose time is over.
    package func noticeEndedSessions(since moment: Timestamp) async throws {
        let ended = try await stores.sessions.ended(since: moment, now: .now)
        if !ended.isEmpty { publish(.sessionsEnded(ended)) }
    }

    /// The same of roles that were changed, as the audit log has it.
    /// - Parameter known: the newest entry that was seen; `nil` at the beginning.
    /// - Returns: the newest entry now.
    package func noticeChangedRoles(since known: Int64?) async throws -> Int64 {
        let newest = try await stores.audit.entries(before: nil, limit: known == nil ? 1 : 100)
        guard let known else { return newest.first?.id ?? 0 }
        for entry in newest.reversed() where entry.id > known && entry.action == .setRole {
            guard let user = try await stores.users.user(named: entry.target) else { continue }
            publish(.roleChanged(user.id, user.role))
        }
        return newest.first?.id ?? known
    }
}
