package import Model

/// An account to be made. Its fields are already checked (`Rules`).
package struct NewUser: Sendable {
    package let username: String
    package let name: String
    package let role: Role
    /// Empty where there is no password.
    package let passwordHash: String
    /// What lets them in.
    package let admission: Admission
    /// By which they sign in from now on.
    package let identity: NewIdentity?
    package let email: NewEmail?

    package init(
        username: String, name: String, role: Role, passwordHash: String, admission: Admission = .open,
        identity: NewIdentity? = nil, email: NewEmail? = nil
    ) {
        self.username = username
        self.name = name
        self.role = role
        self.passwordHash = passwordHash
        self.admission = admission
        self.identity = identity
        self.email = email
    }
}

/// People's accounts. Every method throws `storage_unavailable` when the database cannot answer.
package protocol UserStore: Sendable {
    /// A name that looks like another person's gets the username behind it.
    /// - Throws: `username_taken`, `invitation_invalid`, `set_up_done`, `identity_taken`; `email_taken` for a verified
    ///   address; `invalid_field` with the field `name` or `username` where it looks like an administrator's or moderator's.
    func create(_ user: NewUser) async throws -> User
    func user(_ id: UserID) async throws -> User?
    /// Nobody whose account was deleted.
    func user(named username: String) async throws -> User?
    /// The account together with its password hash, which goes nowhere else; `nil` where it has no password.
    func credentials(ofUserNamed username: String) async throws -> (user: User, passwordHash: String?)?
    /// Whether they came in by an invitation.
    func wasInvited(_ id: UserID) async throws -> Bool
    /// Sets a new password's hash, and ends the sign-ins with it, those that are under way, and links to reset it.
    /// - Parameters:
    ///   - kept: but this one.
    ///   - endingTokens: whether access tokens end as well.
    /// - Returns: the sign-ins that were ended; `nil` where there is no such account.
    func setPasswordHash(
        _ hash: String, of id: UserID, keeping kept: SessionID?, endingTokens: Bool, audit: NewAuditEntry?
    ) async throws -> [SessionID]?
    /// Hashes the same password in another way.
    /// - Parameter old: what has to be there still: who changes the password meanwhile is not undone.
    func replacePasswordHash(_ old: String, with new: String, of id: UserID) async throws
    /// - Throws: `last_admin`, where nobody would be left who may do this.
    func setRole(_ role: Role, of id: UserID, audit: NewAuditEntry) async throws -> Bool
    /// A disabled account keeps its messages and its name; nobody can sign in to it, and its sign-ins end.
    /// - Throws: `last_admin`.
    func setDisabled(_ isDisabled: Bool, of id: UserID, audit: NewAuditEntry) async throws -> Bool
    /// Nobody can sign in to it until then, and its sign-ins end.
    /// - Parameter until: `nil` ends it now.
    /// - Throws: `last_admin`.
    func setSuspended(until: Timestamp?, of id: UserID, audit: NewAuditEntry) async throws -> Bool
    /// Deletes an account and all that belongs to it. What it said stays in its place, as that of a deleted person, or
    /// without its texts. Nobody gets its username again.
    /// - Parameter committed: called after the commit, in commit order.
    /// - Throws: `user_not_found`, `last_admin`.
    func delete(
        _ id: UserID, messages: DeletedMessages, audit: NewAuditEntry,
        committed: @escaping @Sendable (DeletedUser) -> Void) async throws
    /// Whether there is an administrator who can sign in.
    func hasAdmin() async throws -> Bool
    func disabledUsers() async throws -> Set<UserID>
    /// Everybody whose account was not deleted, in the order of their usernames.
    func allUsers() async throws -> [User]
    /// People whose username or shown name starts with `text`, who are not disabled, at most `limit` of them.
    func people(matching text: String, limit: Int) async throws -> [Person]
}
