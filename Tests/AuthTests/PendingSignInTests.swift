import Crypto
import Foundation
import Model
import Testing

@testable import Auth

@Suite("Between password and code")
struct PendingSignInTests {
    private let pending = PendingSignIns(key: SymmetricKey(size: .bits256))
    private let user = PendingSignIn(user: UserID(rawValue: 7), passwordVersion: 3)
    private let browser = Data("this browser".utf8)
    private let now = Timestamp(milliseconds: 1_000_000)

    @Test("the form says whose password was right, for ten minutes, in the same browser")
    func good() {
        let token = pending.token(for: user, in: browser, now: now)
        #expect(pending.pending(token, in: browser, now: now + Seconds(599)) == user)
        #expect(pending.pending(token, in: browser, now: now + Seconds(600)) == nil)
        #expect(pending.pending(token, in: Data("another browser".utf8), now: now) == nil)
    }

    @Test("nobody makes such a form for somebody else, or for longer")
    func forged() {
        let parts = pending.token(for: user, in: browser, now: now).split(separator: ".")
        for forged in [
            "8.3.\(parts[2]).\(parts[3])", "7.4.\(parts[2]).\(parts[3])", "7.3.\(Int64.max).\(parts[3])",
            "7.3.\(parts[2]).AAAA", "7.3.\(parts[2]).", "7", "", "7.3.\(parts[2]).\(parts[3]).x",
        ] {
            #expect(pending.pending(forged, in: browser, now: now) == nil, "\(forged)")
        }
        let other = PendingSignIns(key: SymmetricKey(size: .bits256))
        #expect(other.pending(pending.token(for: user, in: browser, now: now), in: browser, now: now) == nil)
    }
}
