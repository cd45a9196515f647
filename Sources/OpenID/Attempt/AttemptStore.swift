package import Foundation

/// Keeps sign-ins that were begun, bounded in number: the oldest makes room.
package protocol AttemptStore: Sendable {
    func keep(_ attempt: SignInAttempt) async throws

    /// Gives an attempt out, once: of two calls for the same state, even at the same time, one gets `.first`. What was
    /// given out is remembered at least until it expires, and what expired for a while longer, so that each can be told
    /// from what never was.
    func take(stateHash: Data) async throws -> TakenAttempt
}

package enum TakenAttempt: Hashable, Sendable {
    case first(SignInAttempt)
    case again
    case unknown
}
