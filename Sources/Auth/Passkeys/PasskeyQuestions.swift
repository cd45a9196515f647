import Foundation
import Model
import Synchronization
import WebAuthn

/// Questions to browsers that wait for their answer: each is good for one answer, for five minutes, in the browser that
/// it was put to. They live in memory, and are bounded in number.
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

    private struct Question {
        let purpose: Purpose
        let browser: Data
        let expiresAt: Timestamp
    }

    static let lifetime = Seconds(300)
    private let countMax: Int
    private let questions = Mutex<[Challenge: Question]>([:])

    init(countMax: Int = 10_000) { self.countMax = countMax }

    /// - Parameter browser: what the browser's forms are bound to.
    /// - Throws: `too_busy` when very many are out.
    func ask(_ purpose: Purpose, in browser: Data, now: Timestamp = .now) throws(ChatError) -> Challenge {
        let challenge = Challenge.fresh()
        let isKept = questions.withLock { questions in
            if questions.count >= countMax { questions = questions.filter { $0.value.expiresAt > now } }
            guard questions.count < countMax else { return false }
            questions[challenge] = Question(purpose: purpose, browser: browser, expiresAt: now + Self.lifetime)
            return true
        }
        guard isKept else {
            throw ChatError(.tooBusy, "Very many people are signing in just now. Try again in a moment.")
        }
        return challenge
    }

    /// Uses a question up, whatever comes of the answer.
    /// - Parameter text: the challenge, as the browser was given it.
    /// - Throws: `form_stale`, for one that was used, has expired, was put to another browser or for something else.
    func take(
        _ text: String, for purpose: Purpose, in browser: Data, now: Timestamp = .now
    ) throws(ChatError) -> Challenge {
        guard let bytes = Data(base64URL: text) else { throw Self.stale }
        let challenge = Challenge(bytes: bytes)
        let question = questions.withLock { $0.removeValue(forKey: challenge) }
        guard let question, question.purpose == purpose, question.browser == browser, now < question.expiresAt else {
            throw Self.stale
        }
        return challenge
    }

    private static let stale = ChatError(
        .formStale, "That took too long, or was answered already. Please try again.")
}
