import Crypto
import Foundation
import Model
import Testing

@testable import Auth

@Suite("Between password and code")
struct PendingSignInTests {
    private let pending = PendingSignIns(key: SymmetricKey(size: .bits256))
    private let user = UserID(rawValue: 7)
    private let browser = Data("this browser".utf8)
    private let now = Timestamp(milliseconds: 1_000_000)

    @Test("the form says whose password was right, for ten minutes, in the same browser")
    func good() {
        let token = pending.token(for: user, in: browser, now: now)
        #expect(pending.user(token, in: browser, now: now + Seconds(599)) == user)
        #expect(pending.user(token, in: browser, now: now + Seconds(600)) == nil)
        #expect(pending.user(token, in: Data("another browser".utf8), now: now) == nil)
    }

    @Test("nobody makes such a form for somebody else, or for longer")
    func forged() {
        let parts = pending.token(for: user, in: browser, now: now).split(separator: ".")
        for forged in [
            "8.\(parts[1]).\(parts[2])", "7.\(Int64.max).\(parts[2])", "7.\(parts[1]).AAAA", "7.\(parts[1]).", "7", "",
            "7.\(parts[1]).\(parts[2]).x",
        ] {
            #expect(pending.user(forged, in: browser, now: now) == nil, "\(forged)")
        }
        let other = PendingSignIns(key: SymmetricKey(size: .bits256))
        #expect(other.user(pending.token(for: user, in: browser, now: now), in: browser, now: now) == nil)
    }
}
