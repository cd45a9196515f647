package import Model
import Storage

extension Authenticator {
    /// Sets a new password by a link that was sent by mail, which uses the link up, and lifts the lock on the account.
    /// - Returns: whose it was, and the sign-ins that were ended.
    /// - Throws: `reset_invalid`, `invalid_field` with the field `password`.
    package func resetPassword(_ token: String, to password: String) async throws -> (user: User, ended: [SessionID]) {
        try passwords.check(password)
        let tokenHash = OpaqueToken(token).hash
        // Looked up first so that a made-up link costs no hash; the commit decides.
        guard let owner = try await stores.resets.owner(ofTokenHash: tokenHash, at: .now) else {
            throw ChatError.resetInvalid
        }
        try passwords.check(password, of: owner)
        let hash = try await hasher.hash(password)
        guard let done = try await stores.resets.redeem(tokenHash: tokenHash, passwordHash: hash, at: .now) else {
            throw ChatError.resetInvalid
        }
        liftLock(of: done.user)
        return done
    }
}
