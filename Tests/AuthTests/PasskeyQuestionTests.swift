import Foundation
import Model
import Testing
import WebAuthn

@testable import Auth

@Suite("Questions that a passkey answers")
struct PasskeyQuestionTests {
    private let browser = Data("this browser".utf8)
    private let now = Timestamp(milliseconds: 1_000_000)
    private let puck = UserID(rawValue: 7)

    @Test("are answered once, within five minutes, by the browser that was asked, for what it was asked")
    func single() throws {
        let questions = PasskeyQuestions()
        func ask() throws -> String { try questions.ask(.secondFactor(puck), in: browser, now: now).bytes.base64URL }
        let first = try ask()
        #expect(try questions.take(first, for: .secondFactor(puck), in: browser, now: now).bytes.base64URL == first)
        #expect(throws: ChatError.self) { try questions.take(first, for: .secondFactor(puck), in: browser, now: now) }
        let late = try ask()
        #expect(throws: ChatError.self) {
            try questions.take(late, for: .secondFactor(puck), in: browser, now: now + Seconds(300))
        }
        let elsewhere = try ask()
        #expect(throws: ChatError.self) {
            try questions.take(elsewhere, for: .secondFactor(puck), in: Data("another".utf8), now: now)
        }
        for purpose in [
            PasskeyQuestions.Purpose.signIn, .secondFactor(UserID(rawValue: 8)),
            .registration(puck, SessionID(rawValue: 1)),
        ] {
            let question = try ask()
            #expect(throws: ChatError.self) { try questions.take(question, for: purpose, in: browser, now: now) }
            // A wrong answer uses it up as well.
            #expect(throws: ChatError.self) {
                try questions.take(question, for: .secondFactor(puck), in: browser, now: now)
            }
        }
        for text in ["", "never given out", "%%"] {
            #expect(throws: ChatError.self) { try questions.take(text, for: .signIn, in: browser, now: now) }
        }
    }

    @Test("are bounded in number; those that expired make room")
    func bounded() throws {
        let questions = PasskeyQuestions(countMax: 2)
        for _ in 0..<2 { _ = try questions.ask(.signIn, in: browser, now: now) }
        #expect(throws: ChatError.self) { try questions.ask(.signIn, in: browser, now: now) }
        _ = try questions.ask(.signIn, in: browser, now: now + Seconds(300))
    }
}
