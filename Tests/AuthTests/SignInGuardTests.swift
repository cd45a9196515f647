import Model
import Testing

@testable import Auth

@Suite("Whoever guesses passwords")
struct SignInGuardTests {
    private let guarding: SignInGuard
    private let start = Timestamp(milliseconds: 1_000_000)
    private let stranger = Client(address: "203.0.113.9", network: "203.0.113.9")

    init() {
        var limits = Limits()
        limits.accountTriesMax = 5
        limits.accountLockTime = Seconds(900)
        limits.signInRate = Rate(20, per: 300)
        guarding = SignInGuard(limits: limits)
    }

    /// Whether one more try, of a password that was tried before nowhere, is not looked at.
    private func isLocked(
        _ username: String, from client: Client = Client(), isKnown: Bool = false, after seconds: Int64 = 0
    ) -> Bool {
        isRefused(username, "the right one \(seconds)", from: client, isKnown: isKnown, after: seconds)
    }

    private func isRefused(
        _ username: String, _ password: String, from client: Client = Client(), isKnown: Bool = false,
        after seconds: Int64 = 0
    ) -> Bool {
        do {
            try guarding.count(
                username: username, password: password, from: client, isKnown: isKnown, now: start + Seconds(seconds))
            return false
        } catch {
            return error.code == .tooManyRequests
        }
    }

    /// - Returns: how many of them were looked at.
    @discardableResult
    private func guess(_ username: String, _ passwords: [String], from client: Client = Client(), isKnown: Bool = false)
        -> Int
    {
        passwords.count { !isRefused(username, $0, from: client, isKnown: isKnown) }
    }

    @Test("repeats one wrong password without end and locks nothing: it is a device that was forgotten")
    func stale() {
        guess("titania", Array(repeating: "old password", count: 10_000), from: stranger)
        #expect(!isLocked("titania", from: stranger))
    }

    @Test("tries many different ones and locks the account, until the time is over")
    func locks() {
        #expect(guess("titania", (0..<9).map { "guess \($0)" }) == 5)
        #expect(isLocked("titania"))
        #expect(isLocked("TITANIA"))
        #expect(isLocked("titania", after: 899))
        #expect(!isLocked("titania", after: 900))
        #expect(!isLocked("oberon"))
    }

    @Test("does not lock out networks that somebody was signed in from, until they try ten times as many")
    func known() {
        guess("titania", (0..<50).map { "guess \($0)" })
        #expect(isLocked("titania"))
        #expect(!isLocked("titania", isKnown: true))
        #expect(guess("oberon", (0..<99).map { "guess \($0)" }, isKnown: true) == 50)
    }

    @Test("learns nothing of whether there is such an account: one that is made up is locked as well")
    func madeUp() {
        guess("nobody-is-called-so", (0..<5).map { "guess \($0)" })
        #expect(isLocked("nobody-is-called-so"))
    }

    @Test("is locked out with their network where they try many accounts, and others are not")
    func network() {
        for account in 0..<30 { guess("account-\(account)", ["123456"], from: stranger) }
        #expect(isLocked("titania", from: stranger, isKnown: true))
        #expect(!isLocked("titania", from: Client(network: "198.51.100.1")))
        #expect(!isLocked("titania"), "somebody whose network is not known is not counted")
    }

    @Test("starts anew once the right password was given")
    func succeeded() {
        guess("titania", (0..<4).map { "guess \($0)" })
        guarding.succeeded(username: "Titania")
        guess("titania", ["guess 5"])
        #expect(!isLocked("titania"))
    }

    @Test("cannot make the server remember without end, nor forget an account that is under attack")
    func bounded() {
        guess("titania", (0..<5).map { "guess \($0)" })
        for account in 0..<120_000 { guess("account-\(account)", ["x"]) }
        #expect(guarding.accountsInUse <= 50_000)
        #expect(isLocked("titania"))
    }
}
