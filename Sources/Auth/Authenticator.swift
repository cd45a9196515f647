package import Crypto
import Foundation
package import Logging
package import Model
package import Storage
package import WebAuthn

/// Turns what a client shows into a `Principal`, and makes what it will show next time.
package struct Authenticator: Sendable {
    /// How long sign-ins last: without being used, and at most.
    package struct Lifetimes: Sendable {
        package var browserSession = Seconds.days(30)
        package var refreshToken = Seconds.days(30)
        /// From signing in, however much it is used.
        package var signInMax = Seconds.days(365)

        package init() {}
    }

    let stores: Stores
    let hasher: PasswordHasher
    package let passwords: PasswordPolicy
    let accessTokens: AccessTokens
    let tickets: Tickets
    let limits: Limits
    let lifetimes: Lifetimes
    /// Whether people have to verify an address before they may do anything else.
    package let needsEmail: Bool
    let logger: Logger
    package let twoFactor: TwoFactor
    package let passkeys: Passkeys
    package let factorPolicy: FactorPolicy
    /// Of ways in that are begun and ended at our cost.
    package let signInStarts: RateLimiter<String>
    private let signIns: SignInGuard
    let registrations: RateLimiter<String>
    /// A session that is in use is said to be so once in so many seconds, not on each request.
    private static let useInterval = Seconds(300)

    /// - Parameters:
    ///   - factorRoles: who has to have a second factor.
    ///   - host: of the public URL.
    ///   - passkeySite: `nil` where browsers make no passkeys for this server's address.
    package init(
        stores: Stores, hasher: PasswordHasher, accessTokens: AccessTokens, tickets: Tickets, limits: Limits,
        lifetimes: Lifetimes, factorKey: SymmetricKey, factorRoles: Set<Role> = [], host: String = "",
        passkeySite: RelyingParty? = nil, needsEmail: Bool = false, logger: Logger
    ) {
        self.stores = stores
        self.hasher = hasher
        passwords = PasswordPolicy(limits: limits, host: host)
        self.accessTokens = accessTokens
        self.tickets = tickets
        self.limits = limits
        self.lifetimes = lifetimes
        self.needsEmail = needsEmail
        self.logger = logger
        let signIns = SignInGuard(limits: limits)
        self.signIns = signIns
        let policy = FactorPolicy(roles: factorRoles, store: stores.factors)
        factorPolicy = policy
        twoFactor = TwoFactor(store: stores.factors, key: factorKey, signIns: signIns, policy: policy)
        passkeys = Passkeys(
            site: passkeySite, stores: stores, limits: limits, policy: policy, logger: logger)
        signInStarts = RateLimiter(limits.signInStartRate)
        registrations = RateLimiter(limits.registrationRate)
    }

    package var browserSessionLifetime: Seconds { lifetimes.browserSession }

    // MARK: Accounts

    /// Makes an account. It takes as long whether or not there is one of that name.
    /// - Throws: `invalid_field` with the field, `username_taken`, `too_many_requests`, `invitation_invalid`,
    ///   `set_up_done`; `email_taken` for a verified address.
    package func register(
        username: String, name: String?, password: String, role: Role = .member,
        admission: Admission = .open, email: NewEmail? = nil, from client: Client = Client()
    ) async throws -> User {
        let username = try Rules.allowed(Rules.username(username), field: "username", limits: limits)
        let name = try Rules.name(name.flatMap { $0.isEmpty ? nil : $0 } ?? username, field: "name", limits: limits)
        let mailbox = email?.address.description.split(separator: "@").map(String.init) ?? []
        try passwords.check(password, names: [username, name] + mailbox)
        if let network = client.network { try registrations.take(network) }
        // Before the name: who has no invitation learns nothing of who there is.
        if case .invitation(let hash) = admission {
            guard try await stores.invitations.invitation(withTokenHash: hash)?.isUsable(at: .now) == true else {
                throw ChatError.invitationInvalid
            }
        }
        let hash = try await hasher.hash(password)
        return try await stores.users.create(
            NewUser(
                username: username, name: name, role: role, passwordHash: hash, admission: admission, email: email))
    }

    /// Sets a new password, and ends the sign-ins with it.
    /// - Parameters:
    ///   - kept: but this one.
    ///   - endingTokens: whether access tokens end as well; where somebody else sets it, they do.
    /// - Returns: the sign-ins that were ended.
    package func setPassword(
        _ password: String, of user: UserID, keeping kept: SessionID? = nil, endingTokens: Bool = true,
        audit: NewAuditEntry? = nil
    ) async throws -> [SessionID] {
        guard let person = try await stores.users.user(user) else { throw Self.noSuchPerson }
        try passwords.check(password, of: person)
        let hash = try await hasher.hash(password)
        let ended = try await stores.users.setPasswordHash(
            hash, of: user, keeping: kept, endingTokens: endingTokens, audit: audit)
        guard let ended else { throw Self.noSuchPerson }
        return ended
    }

    /// Checks a username and password. It takes as long whether or not there is such a person.
    /// - Throws: `wrong_password`; `account_disabled`, which is told only to who knows the password;
    ///   `too_many_requests`, which tells nothing of either.
    package func checkPassword(username: String, password: String, from client: Client = Client()) async throws -> User
    {
        // What is typed here must not count as a code of somebody's, or against a session.
        let account = "username \(username)"
        try await guess(account, password, of: username.lowercased(), from: client)
        let found = try await stores.users.credentials(ofUserNamed: username.lowercased())
        let isTooLong = password.utf8.count > limits.passwordBytesMax
        let isRight = try await hasher.verify(isTooLong ? "" : password, against: found?.passwordHash)
        guard isRight, !isTooLong, let found else {
            throw ChatError(.wrongPassword, "The username or the password is not right.")
        }
        signIns.succeeded(username: account)
        guard !found.user.isDisabled else { throw Self.accountDisabled(found.user) }
        // Best effort: the password was right, whether or not it can be hashed anew just now.
        if let old = found.passwordHash, hasher.isOutdated(old), let hash = try? await hasher.hash(password) {
            try? await stores.users.replacePasswordHash(old, with: hash, of: found.user.id)
        }
        return found.user
    }

    /// The password of somebody who is signed in, before something that a stolen session must not do. What others guess
    /// elsewhere does not hold them up. Who has no password has to have signed in a short while ago.
    /// - Throws: `invalid_field` with `field`, `too_many_requests`, `sign_in_again`.
    package func confirm(_ password: String, of principal: Principal, field: String, from client: Client) async throws {
        guard principal.hasPassword else {
            guard try await isRecent(principal.session) else {
                throw ChatError(
                    .signInAgain, "To change this, sign out and sign in again first: you have no password to type here."
                )
            }
            return
        }
        let account = "session \(principal.session.rawValue)"
        try await guess(account, password, of: principal.username, from: client)
        let found = try await stores.users.credentials(ofUserNamed: principal.username)
        let isTooLong = password.utf8.count > limits.passwordBytesMax
        guard try await hasher.verify(isTooLong ? "" : password, against: found?.passwordHash), !isTooLong else {
            WrongPassword.tell()
            throw ChatError(.invalidField, "This is not your password.", field: field)
        }
        signIns.succeeded(username: account)
    }

    /// Forgets what was tried for an account whose owner has shown themselves in another way.
    func liftLock(of user: User) { signIns.succeeded(username: "username \(user.username)") }

    /// The same, but that having signed in a short while ago is enough.
    /// - Throws: as `confirm`.
    package func confirmUnlessRecent(
        _ password: String, of principal: Principal, field: String, from client: Client
    ) async throws {
        if try await isRecent(principal.session) { return }
        try await confirm(password, of: principal, field: field, from: client)
    }

    /// Whether somebody signed in a short while ago.
    package func isRecent(_ session: SessionID) async throws -> Bool {
        guard let found = try await stores.sessions.session(session), found.grant == .person else { return false }
        return found.createdAt <= .now && .now < found.createdAt + limits.recentSignInTime
    }

    /// Counts a try before it is looked at, so that many at once are not looked at as one.
    private func guess(
        _ account: String, _ password: String, of username: String, from client: Client
    ) async throws {
        var isKnown = false
        if let network = client.network { isKnown = try await stores.sessions.isKnown(network: network, of: username) }
        try signIns.count(username: account, password: password, from: client, isKnown: isKnown)
    }

    /// Signs in in one step: password, and code where the account has a second factor.
    /// - Throws: as `checkPassword`; `code_required`; `code_wrong`.
    package func checkCredentials(
        username: String, password: String, code: String?, from client: Client
    ) async throws -> User {
        let user = try await checkPassword(username: username, password: password, from: client)
        guard try await !twoFactor.kinds(of: user.id).isEmpty else { return user }
        guard let code, !code.isEmpty else {
            throw ChatError(.codeRequired, "This account has a second factor: send its code as well.", field: "code")
        }
        try await twoFactor.check(code, of: user, from: client)
        return user
    }

    /// Somebody whose password was right a moment ago.
    /// - Throws: `session_expired`, `account_disabled`.
    package func pendingUser(_ id: UserID) async throws -> User {
        guard let user = try await stores.users.user(id) else { throw Self.sessionExpired }
        guard !user.isDisabled else { throw Self.accountDisabled(user) }
        return user
    }

    /// The same, unless the password has changed since.
    /// - Throws: `session_expired`, `account_disabled`.
    package func pendingUser(_ pending: PendingSignIn) async throws -> User {
        let user = try await pendingUser(pending.user)
        guard user.passwordVersion == pending.passwordVersion else { throw Self.sessionExpired }
        return user
    }

    /// Whether a stored hash is that of this password.
    package func isPassword(_ password: String, of hash: String?) async throws -> Bool {
        try await hasher.verify(password, against: hash)
    }

    // MARK: Browsers

    /// Opens a session.
    /// - Parameter user: as they were when their password was looked at.
    /// - Returns: the token for the cookie; it is nowhere else.
    /// - Throws: `session_expired`, where the password has changed since.
    package func openBrowserSession(
        for user: User, from client: Client = Client()
    ) async throws -> (token: OpaqueToken, principal: Principal) {
        let token = OpaqueToken()
        let now = Timestamp.now
        let id = try await stores.sessions.create(
            NewSession(
                user: user.id, kind: .browser, tokenHash: token.hash, createdAt: now,
                expiresAt: now + lifetimes.browserSession, client: client, passwordVersion: user.passwordVersion),
            refreshToken: nil)
        return (token, Principal(user: user, session: id, needsEmail: needsEmail))
    }

    /// - Parameters:
    ///   - client: `nil` where what is known of it does not change.
    ///   - isSettingUp: for signing out, and for setting up the second factor that the role asks for.
    /// - Returns: also whether the session's end was moved on, and its cookie's should be.
    /// - Throws: `session_expired`, `session_ended`, `account_disabled`, `second_factor_required`.
    package func principal(
        cookie: String, from client: Client? = nil, isSettingUp: Bool = false
    ) async throws -> (principal: Principal, wasExtended: Bool) {
        // An access token is no cookie, whoever puts it there.
        guard let session = try await stores.sessions.session(withTokenHash: OpaqueToken(cookie).hash),
            session.grant == .person
        else { throw Self.sessionExpired }
        let principal = try await check(session, isSettingUp: isSettingUp)
        // A session in use lasts; its cookie is sent anew once in a while, not each time.
        let now = Timestamp.now
        let wanted = now + lifetimes.browserSession
        let mustExtend =
            wanted.milliseconds - session.expiresAt.milliseconds > lifetimes.browserSession.count * 1000 / 30
        if mustExtend || session.lastUsedAt + Self.useInterval < now {
            // Reading goes on where nothing can be written.
            try? await stores.sessions.extend(
                session.id, until: mustExtend ? wanted : session.expiresAt, at: now, from: client)
        }
        return (principal, mustExtend)
    }

    // MARK: API clients

    /// What an API client signs its requests with.
    package struct TokenPair: Sendable {
        package let access: String
        package let refresh: String
        package let expiresIn: Seconds
    }

    /// - Throws: as `openBrowserSession`.
    package func openAPISession(for user: User, from client: Client = Client()) async throws -> TokenPair {
        let now = Timestamp.now
        let (token, record) = newRefreshToken(now)
        let id = try await stores.sessions.create(
            NewSession(
                user: user.id, kind: .api, tokenHash: nil, createdAt: now, expiresAt: record.expiresAt, client: client,
                passwordVersion: user.passwordVersion),
            refreshToken: record)
        return TokenPair(
            access: try await accessTokens.issue(for: user.id, session: id), refresh: token.text,
            expiresIn: accessTokens.lifetime)
    }

    /// Trades a refresh token for a new pair. A token that was traded before ends its whole family.
    /// - Parameter onReuse: called with the session that ended for that reason.
    /// - Throws: `token_invalid`, `token_expired`, `token_reused`.
    package func refresh(_ text: String, onReuse: @Sendable (SessionID) -> Void) async throws -> TokenPair {
        let now = Timestamp.now
        let (token, record) = newRefreshToken(now)
        let outcome = try await stores.sessions.rotate(
            refreshToken: OpaqueToken(text).hash, replacement: record, now: now)
        switch outcome {
        case .rotated(let session):
            guard !isTooOld(session) else { throw Self.refreshExpired }
            return TokenPair(
                access: try await accessTokens.issue(for: session.user.id, session: session.id),
                refresh: token.text, expiresIn: accessTokens.lifetime)
        case .reused(let session):
            logger.warning(
                "refresh token used twice; its session is ended", metadata: ["session": "\(session.rawValue)"])
            onReuse(session)
            throw ChatError(.tokenReused, "This refresh token was used before. For safety that sign-in has ended.")
        case .expired:
            throw Self.refreshExpired
        case .unknown:
            throw ChatError(.tokenInvalid, "This is not a refresh token of this server.")
        }
    }

    /// Whose access token this is: one of a sign-in with a password (JWT), or one that was made for a program.
    /// - Parameter client: `nil` where what is known of it does not change.
    /// - Throws: as `AccessTokens.verify`, and `user_gone`, `account_disabled`, `session_ended`,
    ///   `second_factor_required`.
    package func principal(
        accessToken: String, isSettingUp: Bool = false, from client: Client? = nil
    ) async throws -> Principal {
        if accessToken.hasPrefix(MarkedToken.Kind.personal.rawValue) {
            return try await principal(personalToken: accessToken, from: client)
        }
        let claims = try await accessTokens.verify(accessToken)
        guard let session = try await stores.sessions.session(claims.session) else {
            guard try await stores.users.user(claims.user) != nil else { throw Self.userGone }
            throw Self.sessionEnded
        }
        // Numbers are given out again after an older backup was put back.
        guard session.user.id == claims.user else {
            throw ChatError(.tokenInvalid, "This access token is from before the server's data was put back.")
        }
        return try await check(session, isSettingUp: isSettingUp)
    }

    /// - Throws: `ticket_invalid`, and as for the session it was made from.
    package func principal(ticket: String) async throws -> Principal {
        try await principal(tickets.redeem(ticket))
    }

    package func issueTicket(for principal: Principal) -> (ticket: String, expiresIn: Seconds) {
        (tickets.issue(for: principal.session, of: principal.user), tickets.lifetime)
    }

    /// Looks again whether a sign-in still holds.
    /// - Throws: `account_disabled`, `session_ended`, `session_expired`, `second_factor_required`.
    package func principal(_ id: SessionID) async throws -> Principal {
        guard let session = try await stores.sessions.session(id) else { throw Self.sessionEnded }
        return try await check(session)
    }

    // MARK: Ending

    /// Ends a sign-in. Its tokens are worth nothing from now on.
    package func end(_ session: SessionID) async throws {
        _ = try await stores.sessions.end(session)
    }

    private static let sessionExpired = ChatError(.sessionExpired, "Your session has expired. Sign in again.")
    private static let refreshExpired = ChatError(
        .tokenExpired, "The refresh token has expired. Sign in again.")
    private static let sessionEnded = ChatError(.sessionEnded, "You have signed out. Sign in again.")
    private static let userGone = ChatError(.userGone, "The account of this token is gone.")
    private static let noSuchPerson = ChatError(.userNotFound, "There is no such person.")
    private static func accountDisabled(_ user: User) -> ChatError {
        let sentence =
            user.suspendedUntil.map { "This account is suspended \(Restriction(until: $0).words)." }
            ?? "This account has been disabled."
        return ChatError(.accountDisabled, sentence)
    }

    /// What every sign-in passes, each time that it is used: by a page, the API, or a socket.
    func check(_ session: Session, isSettingUp: Bool = false) async throws -> Principal {
        guard !session.user.isDisabled else { throw Self.accountDisabled(session.user) }
        let isToken = session.grant != .person
        guard !session.isEnded else { throw isToken ? Self.tokenRevoked : Self.sessionEnded }
        guard session.expiresAt > .now else { throw isToken ? Self.tokenExpired : Self.sessionExpired }
        guard isToken || !isTooOld(session) else { throw Self.sessionExpired }
        if !isSettingUp && !session.user.isBot { try await factorPolicy.check(session.user) }
        return Principal(user: session.user, session: session.id, grant: session.grant, needsEmail: needsEmail)
    }

    private func isTooOld(_ session: Session) -> Bool { session.createdAt + lifetimes.signInMax <= .now }

    private func newRefreshToken(_ now: Timestamp) -> (OpaqueToken, NewRefreshToken) {
        let token = OpaqueToken()
        return (
            token, NewRefreshToken(hash: token.hash, createdAt: now, expiresAt: now + lifetimes.refreshToken)
        )
    }
}
