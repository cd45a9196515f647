import Auth
package import Model
import Storage

extension Chat {
    /// Signs out: the sign-in's tokens are worth nothing from now on, and its sockets end.
    package func endSession(_ session: SessionID) async throws {
        try await authenticator.end(session)
        publish(.sessionEnded(session))
    }

    /// Ends a sign-in of one's own.
    /// - Throws: `session_not_found`.
    package func endSession(_ session: SessionID, by principal: Principal) async throws {
        guard try await stores.sessions.sessions(of: principal.user, now: .now).contains(where: { $0.id == session })
        else { throw ChatError(.sessionNotFound, "There is no such sign-in.") }
        try await endSession(session)
    }

    /// Ends somebody's sign-in, as an administrator.
    /// - Throws: `not_allowed`, `session_not_found`.
    package func endSession(_ session: SessionID, as principal: Principal) async throws {
        try principal.require(.administer)
        guard let found = try await stores.sessions.session(session),
            try await stores.sessions.end(
                session, audit: NewAuditEntry(.endSession, found.user.username, by: principal.username))
        else { throw ChatError(.sessionNotFound, "There is no such sign-in.") }
        publish(.sessionEnded(session))
    }

    /// Ends all sign-ins of somebody, and their sockets.
    /// - Parameter kept: but this one.
    package func endSessions(of user: UserID, but kept: SessionID?) async throws {
        let ended = try await stores.sessions.endAll(of: user, but: kept)
        if !ended.isEmpty { publish(.sessionsEnded(Set(ended))) }
    }

    /// Ends the sockets of a sign-in whose refresh token turned out to be in two hands.
    package func sessionWasEnded(_ session: SessionID) {
        publish(.sessionEnded(session))
    }
}
