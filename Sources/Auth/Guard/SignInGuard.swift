import Crypto
import Foundation
package import Model
import Synchronization

/// Holds up whoever guesses passwords.
///
/// What counts are *different* tries: a telephone that repeats an old password is no attack. Too many of them lock an
/// account for a while, whether or not it exists; networks that its own person was signed in from before have ten times
/// as many, so that strangers cannot lock people out of where they mostly are. Too many from one network lock that out,
/// whatever the accounts.
package final class SignInGuard: Sendable {
    private struct Account {
        /// Hashes of what was tried, under a key of this process: nothing of them can be found out.
        var tries: Set<UInt64> = []
        var since: Timestamp
    }

    private let accounts = Mutex<[UInt64: Account]>([:])
    private let networks: RateLimiter<String>
    private let triesMax: Int
    private let window: Seconds
    private let key = SymmetricKey(size: .bits256)
    /// How many times as many tries a network has that the account's own person was signed in from.
    private static let knownFactor = 10
    /// Accounts of which tries are remembered.
    private static let accountsMax = 50_000

    package init(limits: Limits) {
        networks = RateLimiter(limits.signInRate)
        triesMax = limits.accountTriesMax
        window = limits.accountLockTime
    }

    /// Counts a try, before anybody knows whether it is right: what is tried at once counts at once.
    ///
    /// - Parameters:
    ///   - username: as it was typed.
    ///   - isKnown: whether the account's own person was signed in from there before.
    /// - Throws: `too_many_requests`. It does not tell whether there is such an account.
    func count(
        username: String, password: String, from client: Client, isKnown: Bool, now: Timestamp = .steady
    ) throws(ChatError) {
        let name = username.lowercased()
        let (account, tried) = (fingerprint(name), fingerprint(name + "\0" + password))
        if let network = client.network { try networks.check(network, now: now) }
        let triesMax = isKnown ? self.triesMax * Self.knownFactor : self.triesMax
        let outcome: Outcome = accounts.withLock { accounts in
            if accounts.count >= Self.accountsMax, accounts[account] == nil { makeRoom(in: &accounts, now) }
            var known = accounts[account] ?? Account(since: now)
            if now >= known.since + window { known = Account(since: now) }
            if known.tries.count >= triesMax { return .locked(until: known.since + window) }
            let isNew = known.tries.insert(tried).inserted
            // A lock lasts from the try that brought it about.
            if isNew, known.tries.count == self.triesMax { known.since = now }
            accounts[account] = known
            return isNew ? .new : .repeated
        }
        switch outcome {
        case .repeated: break
        case .new:
            if let network = client.network { try? networks.take(network, now: now) }
        case .locked(let until):
            let wait = Seconds((until.milliseconds - now.milliseconds + 999) / 1000)
            throw ChatError(
                .tooManyRequests,
                "Too many different passwords were tried for this account. Try again in \(wait.words).",
                retryAfter: wait)
        }
    }

    private enum Outcome {
        case new
        case repeated
        case locked(until: Timestamp)
    }

    /// The right password ends the count.
    func succeeded(username: String) {
        let account = fingerprint(username.lowercased())
        accounts.withLock { $0[account] = nil }
    }

    var accountsInUse: Int { accounts.withLock { $0.count } }

    /// Forgets what is over, then those with the fewest tries.
    private func makeRoom(in accounts: inout [UInt64: Account], _ now: Timestamp) {
        accounts = accounts.filter { now < $0.value.since + window }
        guard accounts.count >= Self.accountsMax else { return }
        let kept = accounts.sorted { $0.value.tries.count > $1.value.tries.count }.prefix(Self.accountsMax / 2)
        accounts = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }

    private func fingerprint(_ text: String) -> UInt64 {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
            .withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }
}
