import Crypto
import Foundation
package import Model
import Synchronization

/// Holds up whoever guesses passwords, and nobody else.
///
/// What counts are *different* wrong tries: a telephone that repeats an old password is no attack. Too many of them lock
/// an account for a while, whether or not it exists, for everybody but those networks that it was signed in from before;
/// and too many from one network lock that out, whatever the accounts.
package final class SignInGuard: Sendable {
    private struct Account {
        /// Hashes of the wrong passwords, under a key of this process: nothing of them can be found out.
        var tries: Set<UInt64> = []
        var since: Timestamp
    }

    private let accounts = Mutex<[UInt64: Account]>([:])
    private let networks: RateLimiter<String>
    private let triesMax: Int
    private let window: Seconds
    private let key = SymmetricKey(size: .bits256)
    /// Accounts of which wrong tries are remembered.
    private static let accountsMax = 50_000

    package init(limits: Limits) {
        networks = RateLimiter(limits.signInRate)
        triesMax = limits.accountTriesMax
        window = limits.accountLockTime
    }

    /// - Parameters:
    ///   - username: as it was typed.
    ///   - isKnown: whether the account was signed in from there before.
    /// - Throws: `too_many_requests`. It does not tell whether there is such an account.
    func check(username: String, from client: Client, isKnown: Bool, now: Timestamp = .now) throws(ChatError) {
        if let network = client.network { try networks.check(network, now: now) }
        guard !isKnown else { return }
        let account = fingerprint(username.lowercased())
        let lockedUntil: Timestamp? = accounts.withLock { accounts in
            guard let known = accounts[account], known.tries.count >= triesMax, now < known.since + window else {
                return nil
            }
            return known.since + window
        }
        guard let lockedUntil else { return }
        let wait = Seconds((lockedUntil.milliseconds - now.milliseconds + 999) / 1000)
        throw ChatError(
            .tooManyRequests,
            "Too many different passwords were tried for this account. Try again in \(wait.words), or use a browser that was signed in before.",
            retryAfter: wait)
    }

    /// Takes note of a wrong password.
    func failed(username: String, password: String, from client: Client, now: Timestamp = .now) {
        let (account, tried) = (
            fingerprint(username.lowercased()), fingerprint(username.lowercased() + "\0" + password)
        )
        let isNew = accounts.withLock { accounts in
            if accounts.count >= Self.accountsMax, accounts[account] == nil { makeRoom(in: &accounts, now) }
            var known = accounts[account] ?? Account(since: now)
            if now >= known.since + window { known = Account(since: now) }
            let isNew = known.tries.insert(tried).inserted
            // The lock lasts from the try that brought it about.
            if isNew, known.tries.count >= triesMax { known.since = now }
            accounts[account] = known
            return isNew
        }
        if isNew, let network = client.network { try? networks.take(network, now: now) }
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
