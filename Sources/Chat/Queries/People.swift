package import Model
import Storage

extension Chat {
    /// People whose username or name starts with `text`; at most 20.
    package func people(matching text: String) async throws -> [Person] {
        try await stores.users.people(matching: String(text.prefix(64)), limit: 20)
    }

    /// Everybody, for the operator.
    package func allUsers() async throws -> [User] {
        try await stores.users.allUsers()
    }
}
