package import Crypto
import Foundation
package import Model
package import Storage

/// The second step of signing in, and what turns it on and off.
package struct TwoFactor: Sendable {
    private let store: any FactorStore
    private let vault: Vault
    private let signIns: SignInGuard
    private let policy: FactorPolicy

    /// What a person scans, before it is turned on.
    package struct Enrolment: Sendable {
        package let totp: TOTP
        /// For the form that comes back with the first code, within `enrolmentTime`. Nobody else can use or read it.
        package let sealed: String
    }

    package static let enrolmentTime = Seconds(3600)

    /// - Parameter key: for this purpose alone.
    package init(store: any FactorStore, key: SymmetricKey, signIns: SignInGuard, policy: FactorPolicy) {
        self.store = store
        self.policy = policy
        vault = Vault(key: key)
        self.signIns = signIns
    }

    /// What the person can show besides the password.
    package func kinds(of user: UserID) async throws -> Set<FactorKind> { try await store.kinds(of: user) }

    /// Whether one-time codes are on.
    package func isOn(for user: UserID) async throws -> Bool {
        try await store.factor(of: user) != nil
    }

    package func recoveryCodesLeft(of user: UserID) async throws -> Int {
        try await store.recoveryHashes(of: user).count
    }

    // MARK: Turning it on and off

    package func enrol(_ user: UserID, now: Timestamp = .now) -> Enrolment {
        let totp = TOTP()
        let end = now + Self.enrolmentTime
        let secret = vault.seal(totp.secret, for: .enrolment(user, until: end))
        return Enrolment(totp: totp, sealed: "\(end.milliseconds).\(secret.base64URL)")
    }

    /// The same secret again, for a page that is shown anew.
    /// - Throws: `form_stale`.
    package func enrolment(
        _ sealed: String, of user: UserID, now: Timestamp = .now
    ) throws(ChatError) -> Enrolment {
        let parts = sealed.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let end = Int64(parts[0]).map(Timestamp.init(milliseconds:)), now < end,
            let data = Data(base64URL: parts[1]), let secret = vault.open(data, for: .enrolment(user, until: end))
        else {
            throw ChatError(.formStale, "This page had been open for too long. Scan the new code below.")
        }
        return Enrolment(totp: TOTP(secret: secret), sealed: sealed)
    }

    /// Turns it on, once the app shows the right code. What is on is not replaced: it has to be turned off first, with
    /// a code of it.
    /// - Returns: recovery codes, which are nowhere else.
    /// - Throws: `form_stale`, also where it is on; `invalid_field` with the field `code`.
    package func turnOn(_ sealed: String, code: String, for user: UserID) async throws -> [String] {
        let enrolment = try enrolment(sealed, of: user)
        guard let step = enrolment.totp.accepts(code, lastUsed: nil) else {
            throw ChatError(
                .invalidField, "This is not the code that the app shows now. Is the telephone's clock right?",
                field: "code")
        }
        let (texts, codes) = RecoveryCodes.fresh(for: user)
        let factor = SecondFactor(sealedSecret: vault.seal(enrolment.totp.secret, for: .keeping(user)), lastStep: step)
        try await store.set(factor, recoveryHashes: codes.hashes, of: user)
        return texts
    }

    /// New recovery codes instead of all before.
    /// - Throws: `invalid_field` with the field `code`, `too_many_requests`.
    package func renewRecoveryCodes(code: String, of user: User, from client: Client) async throws -> [String] {
        try await check(code, of: user, from: client)
        let (texts, codes) = RecoveryCodes.fresh(for: user.id)
        _ = try await store.replaceRecovery(codes.hashes, of: user.id)
        return texts
    }

    /// - Throws: `code_wrong`, `too_many_requests`, `last_factor`.
    package func turnOff(code: String, of user: User, by principal: Principal, from client: Client) async throws {
        try await policy.checkCanLose(.codes, principal)
        try await check(code, of: user, from: client)
        _ = try await store.remove(of: user.id, audit: nil)
    }

    /// For somebody who lost telephone and recovery codes: passkeys go, too.
    /// - Returns: whether there was anything.
    package func remove(of user: UserID, audit: NewAuditEntry) async throws -> Bool {
        try await store.removeAll(of: user, audit: audit)
    }

    // MARK: Signing in

    /// Accepts a code of the app, or a recovery code, and uses it up.
    /// - Throws: `code_wrong`; `too_many_requests` after too many different wrong ones.
    package func check(_ code: String, of user: User, from client: Client) async throws {
        // Counted apart from passwords, whose accounts begin with "username".
        let account = "code \(user.id.rawValue)"
        try signIns.count(username: account, password: code, from: client, isKnown: false)
        guard try await isAccepted(code, of: user.id) else {
            throw ChatError(
                .codeWrong,
                "This is not the code that the app shows now, or it was used already. Wait for the next one.",
                field: "code")
        }
        signIns.succeeded(username: account)
    }

    private func isAccepted(_ code: String, of user: UserID) async throws -> Bool {
        let factor = try await store.factor(of: user)
        let secret = factor.flatMap { vault.open($0.sealedSecret, for: .keeping(user)) }
        if let factor, let secret, let step = TOTP(secret: secret).accepts(code, lastUsed: factor.lastStep) {
            return try await store.advance(to: step, of: user)
        }
        var codes = RecoveryCodes(hashes: try await store.recoveryHashes(of: user))
        if let hash = codes.redeem(code, by: user) { return try await store.useRecovery(hash, of: user) }
        // Sealed with a key that is lost: the app's codes cannot be told from others, recovery codes alone are left.
        guard factor == nil || secret != nil else { throw ChatError.internal }
        return false
    }
}

/// Encrypts secrets for one person and one use each (AES-256-GCM): whoever has the database alone cannot make codes,
/// and what was sealed for one person or use opens for no other.
private struct Vault: Sendable {
    enum Use {
        /// On the server, for as long as the factor is on.
        case keeping(UserID)
        /// In a form, until somebody shows that their app has it.
        case enrolment(UserID, until: Timestamp)

        var context: Data {
            switch self {
            case .keeping(let user): Data("second factor of \(user.rawValue)".utf8)
            case .enrolment(let user, let end): Data("enrolment of \(user.rawValue) until \(end.milliseconds)".utf8)
            }
        }
    }

    let key: SymmetricKey

    func seal(_ secret: Data, for use: Use) -> Data {
        guard let sealed = try? AES.GCM.seal(secret, using: key, authenticating: use.context).combined else {
            preconditionFailure("AES-GCM takes any key of 32 bytes and any text")
        }
        return sealed
    }

    func open(_ sealed: Data, for use: Use) -> Data? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return try? AES.GCM.open(box, using: key, authenticating: use.context)
    }
}
