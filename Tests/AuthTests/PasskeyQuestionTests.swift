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
        func ask() -> String { questions.ask(.secondFactor(puck), in: browser, now: now).bytes.base64URL }
        let first = ask()
        #expect(try questions.take(first, for: .secondFactor(puck), in: browser, now: now).bytes.base64URL == first)
        #expect(throws: ChatError.self) { try questions.take(first, for: .secondFactor(puck), in: browser, now: now) }
        let late = ask()
        #expect(throws: ChatError.self) {
            try questions.take(late, for: .secondFactor(puck), in: browser, now: now + Seconds(300))
        }
        let elsewhere = ask()
        #expect(throws: ChatError.self) {
            try questions.take(elsewhere, for: .secondFactor(puck), in: Data("another".utf8), now: now)
        }
        for purpose in [
            PasskeyQuestions.Purpose.signIn, .secondFactor(UserID(rawValue: 8)),
            .registration(puck, SessionID(rawValue: 1)),
        ] {
            let question = ask()
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

    @Test("are one for each browser and purpose: the next takes its place")
    func one() throws {
        let questions = PasskeyQuestions()
        func ask(_ purpose: PasskeyQuestions.Purpose, in browser: Data) -> String {
            questions.ask(purpose, in: browser, now: now).bytes.base64URL
        }
        let (older, other) = (ask(.signIn, in: browser), ask(.secondFactor(puck), in: browser))
        let elsewhere = ask(.signIn, in: Data("another".utf8))
        let newer = ask(.signIn, in: browser)
        #expect(throws: ChatError.self) { try questions.take(older, for: .signIn, in: browser, now: now) }
        _ = try questions.take(newer, for: .signIn, in: browser, now: now)
        _ = try questions.take(other, for: .secondFactor(puck), in: browser, now: now)
        _ = try questions.take(elsewhere, for: .signIn, in: Data("another".utf8), now: now)
    }

    @Test("are there for everybody, however many one browser asks for")
    func flooded() throws {
        let questions = PasskeyQuestions()
        let early = questions.ask(.signIn, in: browser, now: now).bytes.base64URL
        let flooder = Data("a flooder".utf8)
        for _ in 0..<10_001 { _ = questions.ask(.signIn, in: flooder, now: now) }
        _ = try questions.take(early, for: .signIn, in: browser, now: now)
        let late = questions.ask(.signIn, in: browser, now: now).bytes.base64URL
        _ = try questions.take(late, for: .signIn, in: browser, now: now)
    }

    @Test("are bounded in number, whatever browsers say that they are: the oldest makes room")
    func bounded() throws {
        let questions = PasskeyQuestions(countMax: 3)
        let browsers = (0..<5).map { Data("browser \($0)".utf8) }
        let asked = browsers.map { questions.ask(.signIn, in: $0, now: now).bytes.base64URL }
        for (browser, question) in zip(browsers, asked).prefix(2) {
            #expect(throws: ChatError.self) { try questions.take(question, for: .signIn, in: browser, now: now) }
        }
        for (browser, question) in zip(browsers, asked).dropFirst(2) {
            _ = try questions.take(question, for: .signIn, in: browser, now: now)
        }
    }
}
