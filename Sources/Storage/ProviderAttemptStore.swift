package import Foundation
package import Model

/// A sign-in with a provider that was begun; what its fields mean says `OpenID.SignInAttempt`.
package struct ProviderAttempt: Hashable, Sendable {
    package let stateHash: Data
    package let provider: String
    package let nonce: String
    package let verifier: String
    package let browser: Data
    package let next: String?
    package let linking: UserID?
    package let invitation: Data?
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package init(
        stateHash: Data, provider: String, nonce: String, verifier: String, browser: Data, next: String?,
        linking: UserID?, invitation: Data?, createdAt: Timestamp, expiresAt: Timestamp
    ) {
        self.stateHash = stateHash
        self.provider = provider
        self.nonce = nonce
        self.verifier = verifier
        self.browser = browser
        self.next = next
        self.linking = linking
        self.invitation = invitation
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

package enum TakenProviderAttempt: Hashable, Sendable {
    case first(ProviderAttempt)
    case again
    case unknown
}

/// Sign-ins with providers that are under way, bounded in number: the oldest makes room.
package protocol ProviderAttemptStore: Sendable {
    /// - Parameter countMax: of those that have not expired, this one included. The oldest beyond are forgotten.
    func keep(_ attempt: ProviderAttempt, countMax: Int) async throws
    /// Gives it out once: of two calls at the same time one gets `.first`.
    func take(stateHash: Data, at now: Timestamp) async throws -> TakenProviderAttempt
    /// Forgets those that expired before `moment`.
    func prune(before moment: Timestamp) async throws
}
