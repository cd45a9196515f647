package import Foundation
package import Model

/// A sign-in to be recorded.
package struct NewSession: Sendable {
    package let user: UserID
    package let kind: SessionKind
    /// SHA-256 of the cookie's token. `nil` for an API session: its refresh tokens are kept beside it.
    package let tokenHash: Data?
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    package let client: Client
    /// That of the password that was right; `nil` where it does not matter.
    package let passwordVersion: Int64?

    package init(
        user: UserID, kind: SessionKind, tokenHash: Data?, createdAt: Timestamp, expiresAt: Timestamp,
        client: Client = Client(), passwordVersion: Int64? = nil
    ) {
        self.user = user
        self.kind = kind
        self.tokenHash = tokenHash
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.client = client
        self.passwordVersion = passwordVersion
    }
}

/// A sign-in that was found, whether it still holds or not.
package struct Session: Sendable {
    package let id: SessionID
    package let user: User
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    package let lastUsedAt: Timestamp
    package let isEnded: Bool
    package let grant: Grant

    package init(
        id: SessionID, user: User, createdAt: Timestamp, expiresAt: Timestamp, lastUsedAt: Timestamp, isEnded: Bool,
        grant: Grant = .person
    ) {
        self.id = id
        self.user = user
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.isEnded = isEnded
        self.grant = grant
    }
}

/// A refresh token to be recorded.
package struct NewRefreshToken: Sendable {
    package let hash: Data
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package init(hash: Data, createdAt: Timestamp, expiresAt: Timestamp) {
        self.hash = hash
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// What became of a refresh token that was shown.
package enum RefreshOutcome: Sendable {
    /// It was good, and its replacement is recorded.
    case rotated(Session)
    /// It had been used before: it is in two hands. Its session is ended.
    case reused(SessionID)
    /// It has expired, or its session has ended.
    case expired
    case unknown
}

/// Sign-ins. Tokens are kept as hashes only: whoever reads the database cannot sign in with what is there.
package protocol SessionStore: Sendable {
    /// Of more than a hundred sign-ins of one person those used last stay open.
    /// - Parameter refreshToken: the first of the family, for an API session.
    /// - Throws: `session_expired`, where the password has changed since it was right.
    func create(_ session: NewSession, refreshToken: NewRefreshToken?) async throws -> SessionID
    func session(_ id: SessionID) async throws -> Session?
    func session(withTokenHash hash: Data) async throws -> Session?
    /// Moves the end of a session further away, and says that it is in use.
    func extend(_ id: SessionID, until: Timestamp, at now: Timestamp, from client: Client?) async throws
    /// The open sign-ins of a person, without their access tokens; the one used last first.
    func sessions(of user: UserID, now: Timestamp) async throws -> [SessionView]
    /// Whether the person of this name was signed in from a network, as far as is remembered. Nobody of a name that is
    /// no account's was.
    func isKnown(network: String, of username: String) async throws -> Bool
    /// Checks and replaces a refresh token in one step, so that of two who show the same one only the first gets on.
    func rotate(refreshToken hash: Data, replacement: NewRefreshToken, now: Timestamp) async throws -> RefreshOutcome
    /// Everybody's open sign-ins, those used last first.
    /// - Parameter before: only those behind this one.
    func openSessions(before cursor: SessionCursor?, limit: Int, now: Timestamp) async throws -> [PersonSession]
    /// - Parameter audit: recorded in the same commit, where the sign-in was open.
    /// - Returns: whether it was open until now.
    func end(_ id: SessionID, audit: NewAuditEntry?) async throws -> Bool
    /// Ends every sign-in of a person, but not their access tokens.
    /// - Parameter kept: but this one.
    /// - Returns: those that were open until now.
    func endAll(of user: UserID, but kept: SessionID?) async throws -> [SessionID]
    /// Those that were ended since a moment, or whose time was over between it and `now`.
    func ended(since moment: Timestamp, now: Timestamp) async throws -> Set<SessionID>
    /// Forgets sessions that expired or ended before `moment`.
    func prune(before moment: Timestamp) async throws
}

extension SessionStore {
    /// Ends a sign-in of one's own.
    package func end(_ id: SessionID) async throws -> Bool {
        try await end(id, audit: nil)
    }
}
