/// An account that a program uses. It has no password and signs in nowhere: access tokens are its only way in.
package struct Bot: Hashable, Sendable {
    package let user: User
    /// The username of who answers for it.
    package let owner: String

    package init(user: User, owner: String) {
        self.user = user
        self.owner = owner
    }
}
