import Auth
package import Model
import Storage

extension Chat {
    /// People whose username or name starts with `text`; at most 20.
    /// - Throws: `not_allowed`, `too_many_requests`.
    package func people(matching text: String, for principal: Principal) async throws -> [Person] {
        try principal.require(.findPeople)
        try searchRate.take(principal.user)
        return try await stores.users.people(matching: text.excerpt(64), limit: 20)
    }

    /// The usernames of those who are there, among the people of this person's smaller rooms.
    package func online(
        around principal: Principal, isOnline: @Sendable (UserID) -> Bool
    ) async throws -> [String] {
        try await stores.rooms.neighbours(of: principal.user, membersMax: limits.presenceMembersMax)
            .filter { isOnline($0.user) }.map(\.username).sorted()
    }

    /// Everybody's addresses, for the operator.
    package func allEmails() async throws -> [UserID: AccountEmail] {
        try await stores.emails.allEmails()
    }

    /// Everybody, for the operator.
    package func allUsers() async throws -> [User] {
        try await stores.users.allUsers()
    }
}
