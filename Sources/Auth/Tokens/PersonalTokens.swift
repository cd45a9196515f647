package import Model
import Storage

extension Authenticator {
    /// Makes a token. Its fields are already checked.
    /// - Returns: the token itself as well, which is nowhere else.
    /// - Throws: `too_many_tokens`.
    package func makeToken(
        for user: UserID, name: String, scopes: Set<Scope>, lasting: Seconds, audit: NewAuditEntry? = nil
    ) async throws -> (token: MarkedToken, record: PersonalToken) {
        let (token, now) = (MarkedToken(.personal), Timestamp.now)
        let record = try await stores.tokens.create(
            NewToken(
                user: user, hash: token.hash, name: name, scopes: scopes, createdAt: now, expiresAt: now + lasting),
            max: limits.tokensMax, audit: audit)
        return (token, record)
    }

    /// Whose token this is.
    /// - Parameter client: `nil` where what is known of it does not change.
    /// - Throws: `token_invalid`, `token_expired`, `account_disabled`.
    func principal(personalToken text: String, from client: Client?) async throws -> Principal {
        guard let token = MarkedToken(text, .personal),
            let session = try await stores.sessions.session(withTokenHash: token.hash), session.grant != .person
        else { throw ChatError(.tokenInvalid, "This is not an access token of this server.") }
        let principal = try await check(session)
        let now = Timestamp.now
        if session.lastUsedAt + Self.tokenUseInterval < now {
            // Reading goes on where nothing can be written.
            try? await stores.sessions.extend(session.id, until: session.expiresAt, at: now, from: client)
        }
        return principal
    }

    /// A token that is in use is said to be so once in so many seconds, not on each request.
    private static let tokenUseInterval = Seconds(60)

    static let tokenRevoked = ChatError(.tokenInvalid, "This access token was revoked.")
    static let tokenExpired = ChatError(.tokenExpired, "This access token has expired. Make a new one.")
}
