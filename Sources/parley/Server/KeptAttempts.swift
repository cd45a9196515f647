import Foundation
import Model
import OpenID
import Proxy
import Storage

/// Sign-ins with providers that are under way, in the database.
struct KeptAttempts: AttemptStore {
    let store: any ProviderAttemptStore
    let countMax: Int

    func keep(_ attempt: SignInAttempt) async throws {
        try await store.keep(
            ProviderAttempt(
                stateHash: attempt.stateHash, provider: attempt.provider, nonce: attempt.nonce,
                verifier: attempt.verifier, browser: attempt.browser, next: attempt.next?.text,
                linking: attempt.linking, invitation: attempt.invitation, createdAt: attempt.createdAt,
                expiresAt: attempt.expiresAt),
            countMax: countMax)
    }

    func take(stateHash: Data) async throws -> TakenAttempt {
        switch try await store.take(stateHash: stateHash, at: .now) {
        case .unknown: .unknown
        case .again: .again
        case .first(let kept):
            .first(
                SignInAttempt(
                    stateHash: kept.stateHash, provider: kept.provider, nonce: kept.nonce, verifier: kept.verifier,
                    browser: kept.browser, next: kept.next.flatMap(LocalPath.init), linking: kept.linking,
                    invitation: kept.invitation, createdAt: kept.createdAt, expiresAt: kept.expiresAt))
        }
    }
}
