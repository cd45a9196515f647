package import Model

/// An account to be made. Its fields are already checked (`Rules`).
package struct NewUser: Sendable {
    package let username: String
    package let name: String
    package let role: Role
    package let passwordHash: String

    package init(username: String, name: String, role: Role, passwordHash: String) {
        self.username = username
        self.name = name
        self.role = role
        self.passwordHash = passwordHash
    }
}

/// People's accounts. Every method throws `storage_unavailable` when the database cannot answer.
package protocol UserStore: Sendable {
    /// - Throws: `username_taken`.
    func create(_ user: NewUser) async throws -> User
    func user(_ id: UserID) async throws -> User?
    func user(named username: String) async throws -> User?
    /// The account together with its password hash, which goes nowhere else.
    func credentials(ofUserNamed username: String) async throws -> (user: User, passwordHash: String)?
    /// - Returns: whether there is such an account.
    func setPasswordHash(_ hash: String, of id: UserID) async throws -> Bool
    func setRole(_ role: Role, of id: UserID) async throws -> Bool
    /// A disabled account keeps its messages and its name; nobody can sign in to it.
    func setDisabled(_ isDisabled: Bool, of id: UserID) async throws -> Bool
    func disabledUsers() async throws -> Set<UserID>
    /// Everybody, in the order of their usernames.
    func allUsers() async throws -> [User]
    /// People whose username or shown name starts with `text`, who are not disabled, at most `limit` of them.
    func people(matching text: String, limit: Int) async throws -> [Person]
}
