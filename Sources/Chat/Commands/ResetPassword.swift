import Auth
package import Model
import Storage

/// Getting back in by mail, for who lost the password or was locked out by others' guesses.
extension Chat {
    /// Sends a link to set a new password to the verified address of an account. It says the same, and does the same before
    /// it returns, whether or not there is such an account.
    /// - Parameter account: an address, or a username.
    /// - Throws: `no_mail`; `invalid_field` with the field `account`; `too_many_requests`.
    package func requestReset(of account: String, from client: Client) throws(ChatError) {
        guard let mail, mail.post.sendsMail else { throw Self.noMail }
        let account = account.filter { $0 != " " }
        guard !account.isEmpty else {
            throw ChatError(.invalidField, "Your e-mail address or your username is needed here.", field: "account")
        }
        guard account.utf8.count <= EmailAddress.octetsMax else {
            throw ChatError(.invalidField, "No address and no username is as long as that.", field: "account")
        }
        let address = account.contains("@") ? try EmailAddress(account, field: "account") : nil
        let key = address?.normalized ?? account.lowercased()
        try mail.resetsTyped.check(key)
        if let network = client.network { try mail.resetsFromNetwork.take(network) }
        try mail.resetsTyped.take(key)
        mail.errands.run("password reset") {
            try await sendReset(address: address, username: account.lowercased(), mail)
        }
    }

    private func sendReset(address: EmailAddress?, username: String, _ mail: AccountMail) async throws {
        let found =
            if let address {
                try await stores.emails.owner(of: address)
            } else {
                try await stores.users.user(named: username)
            }
        guard let user = found, !user.isDisabled,
            let address = try await stores.emails.email(of: user.id).verified,
            (try? mail.resetsOfPerson.take(user.id)) != nil
        else { return }
        let (token, now) = (OpaqueToken(), Timestamp.now)
        try await stores.resets.create(
            tokenHash: token.hash, of: user.id, at: now, expiresAt: now + limits.resetTime)
        try await mail.post.send(
            .passwordReset(token: token.text, lasting: limits.resetTime), to: address, of: user)
    }

    /// Looks whether a link is good still. It is not used up: programs look at links in mails before people do.
    /// - Throws: `reset_invalid`.
    package func checkReset(_ token: String) async throws {
        guard try await stores.resets.owner(ofTokenHash: OpaqueToken(token).hash, at: .now) != nil else {
            throw ChatError.resetInvalid
        }
    }

    /// Sets a new password by a link, once. All sign-ins end, a lock that others' guesses have brought about is lifted, and the
    /// owner is told. It signs nobody in: whoever has a second factor is asked for it.
    /// - Throws: `reset_invalid`, `invalid_field` with the field `password`.
    package func resetPassword(_ token: String, to password: String) async throws {
        let (user, ended) = try await authenticator.resetPassword(token, to: password)
        for session in ended { publish(.sessionEnded(session)) }
        tell(.passwordChanged, user.id)
    }
}
