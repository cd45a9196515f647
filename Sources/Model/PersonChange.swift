/// What is so of somebody from now on, for those who see them.
package struct PersonChange: Hashable, Sendable {
    package let user: UserID
    /// What they were called until now.
    package let username: String
    package let person: Person
    package let status: PersonStatus?
    /// The texts of their messages were erased.
    package let hasLostMessages: Bool

    package init(user: UserID, username: String, person: Person, status: PersonStatus?, hasLostMessages: Bool = false) {
        self.user = user
        self.username = username
        self.person = person
        self.status = status
        self.hasLostMessages = hasLostMessages
    }
}
