package import Model
import Storage

/// Whose role asks for a second factor. Who has none can set one up and sign out, and nothing else: every look at a
/// sign-in goes through `check`.
package struct FactorPolicy: Sendable {
    private let roles: Set<Role>
    private let store: any FactorStore

    init(roles: Set<Role>, store: any FactorStore) {
        self.roles = roles
        self.store = store
    }

    package func asks(_ role: Role) -> Bool { roles.contains(role) }

    /// Whether somebody lacks what a role asks for.
    package func isUnmet(by user: UserID, as role: Role) async throws -> Bool {
        guard asks(role) else { return false }
        return try await store.kinds(of: user).isEmpty
    }

    /// - Throws: `second_factor_required`.
    func check(_ user: User) async throws {
        guard try await isUnmet(by: user.id, as: user.role) else { return }
        throw ChatError(
            .secondFactorRequired, "Your role on this server needs a second factor. Set one up to go on.")
    }

    /// Before one is taken away.
    /// - Throws: `last_factor`.
    func checkCanLose(_ kind: FactorKind, _ principal: Principal, countOfKind: Int = 1) async throws {
        guard asks(principal.role), countOfKind <= 1,
            try await store.kinds(of: principal.user).subtracting([kind]).isEmpty
        else { return }
        throw ChatError(
            .lastFactor, "Your role on this server needs a second factor. Set up another one before you remove this.")
    }
}
