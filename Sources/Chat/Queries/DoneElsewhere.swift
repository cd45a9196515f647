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

    /// The same of sign-ins that were ended since a moment.
    package func noticeEndedSessions(since moment: Timestamp) async throws {
        for session in try await stores.sessions.ended(since: moment) { publish(.sessionEnded(session)) }
    }
}
