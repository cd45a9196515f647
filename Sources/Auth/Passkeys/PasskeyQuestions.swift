import Foundation
import Model
import Synchronization
import WebAuthn

/// Questions to browsers that wait for their answer: each is good for one answer, for five minutes, in the browser that
/// it was put to. A browser has one for each purpose: the next takes its place. They live in memory, and are bounded in
/// number: the oldest makes room.
final class PasskeyQuestions: Sendable {
    /// What the answer is for.
    enum Purpose: Hashable, Sendable {
        /// Signing in with nothing else.
        case signIn
        /// After the password of this person.
        case secondFactor(UserID)
        /// A new passkey of this person, in this sign-in.
        case registration(UserID, SessionID)
    }

    private struct Asked: Hashable {
        let purpose: Purpose
        let browser: Data
    }

    private struct Question {
        let asked: Asked
        let expiresAt: Timestamp
    }

    static let lifetime = Seconds(300)
    private let questions: Mutex<OneUsePool<Asked, Question>>

    init(countMax: Int = 10_000) {
        questions = Mutex(OneUsePool(countMax: countMax, ownerMax: 1))
    }

    /// - Parameter browser: what the browser's forms are bound to.
    func ask(_ purpose: Purpose, in browser: Data, now: Timestamp = .now) -> Challenge {
        let challenge = Challenge.fresh()
        let asked = Asked(purpose: purpose, browser: browser)
        let question = Question(asked: asked, expiresAt: now + Self.lifetime)
        questions.withLock { $0.put(question, as: challenge.bytes, of: asked) }
        return challenge
    }

    /// Uses a question up, whatever comes of the answer.
    /// - Parameter text: the challenge, as the browser was given it.
    /// - Throws: `form_stale`, for one that was used, has expired, was put to another browser or for something else.
    func take(
        _ text: String, for purpose: Purpose, in browser: Data, now: Timestamp = .now
    ) throws(ChatError) -> Challenge {
        guard let bytes = Data(base64URL: text) else { throw Self.stale }
        let question = questions.withLock { $0.take(bytes) }
        guard let question, question.asked == Asked(purpose: purpose, browser: browser), now < question.expiresAt else {
            throw Self.stale
        }
        return Challenge(bytes: bytes)
    }

    private static let stale = ChatError(
        .formStale, "That took too long, or was answered already. Please try again.")
}
