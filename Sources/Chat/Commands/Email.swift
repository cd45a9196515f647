import Auth
package import Model
import Storage

/// A person's own address. It counts once they have typed the code that was sent to it.
extension Chat {
    package func email(of principal: Principal) async throws -> AccountEmail {
        try await stores.emails.email(of: principal.user)
    }

    /// Whether addresses can be verified here.
    package var takesEmail: Bool { mail != nil }
    /// Whether a lost password can be replaced by mail.
    package var resetsPasswords: Bool { mail?.post.sendsMail == true }
    /// Where people have to verify an address before they chat.
    package var needsEmail: Bool { authenticator.needsEmail }
    /// What addresses of new accounts end with; empty where any will do.
    package var emailDomains: [String] { (mail?.domains ?? []).sorted() }

    /// Says that an address is one's own, and has a code sent to it. The one before stays until the new one is shown.
    ///
    /// It says the same where the address is another account's: whose it is gets a mail that says so.
    /// - Throws: `no_mail`; `invalid_field` with the field `email` or `password`; `too_many_requests`.
    package func claimEmail(
        _ text: String, password: String, by principal: Principal, client: Client
    ) async throws {
        let mail = try requireMail()
        let address = try EmailAddress(text)
        try await authenticator.confirm(password, of: principal, field: "password", from: client)
        let known = try await stores.emails.email(of: principal.user)
        if known.verified?.normalized == address.normalized {
            throw ChatError(.invalidField, "This is your address already.", field: "email")
        }
        // Who came in by their domain may not leave it before they have shown that they are of it.
        if known.verified == nil, try await !stores.users.wasInvited(principal.user) {
            try mail.checkDomain(of: address)
        }
        try await sendCode(to: address, principal, mail)
    }

    /// Sends another code; the one before is worth nothing any more.
    /// - Throws: `no_mail`, `email_code_expired` where there is nothing to verify, `too_many_requests`.
    package func resendEmailCode(by principal: Principal) async throws {
        let mail = try requireMail()
        guard let claim = try await stores.emails.email(of: principal.user).claim else { throw Self.nothingToVerify }
        try await sendCode(to: claim.address, principal, mail)
    }

    /// - Throws: `no_mail`, `email_code_wrong`, `email_code_expired`, `email_taken`.
    /// - Returns: whether there was another address before.
    @discardableResult
    package func verifyEmail(_ code: String, by principal: Principal) async throws -> Bool {
        let mail = try requireMail()
        guard let claim = try await stores.emails.email(of: principal.user).claim else { throw Self.nothingToVerify }
        let outcome = try await stores.emails.confirm(
            claim.address, codeHash: mail.codes.hash(code, of: claim.address), of: principal.user,
            triesMax: limits.emailCodeTriesMax, at: .now)
        switch outcome {
        case .verified(let address, let before):
            if let before {
                tell(.emailChanged(new: address), principal.user, at: before)
            } else {
                tell(.welcome, principal.user, at: address)
            }
            return before != nil
        case .wrong:
            throw ChatError(
                .emailCodeWrong, "This is not the code that was sent. Look at the newest mail.", field: "code")
        case .expired:
            throw ChatError(
                .emailCodeExpired,
                "This code is over: it is too old, or too many wrong ones were tried. Have a new one sent.",
                field: "code")
        case .taken: throw ChatError(.emailTaken, "Another account has verified this address meanwhile.", field: "code")
        case .none: throw Self.nothingToVerify
        }
    }

    /// Forgets the address. The one before is told.
    /// - Throws: `not_allowed` where everybody needs one; `invalid_field` with the field `password`, `too_many_requests`.
    package func removeEmail(password: String, by principal: Principal, client: Client) async throws {
        guard !needsEmail else {
            throw ChatError(.notAllowed, "Everybody here has an address. You can change it to another one.")
        }
        try await authenticator.confirm(password, of: principal, field: "password", from: client)
        guard let before = try await stores.emails.remove(of: principal.user, audit: nil) else { return }
        tell(.emailChanged(new: nil), principal.user, at: before)
    }

    /// Writes to the owner of an account, where they have a verified address. It does not wait for that.
    /// - Parameter address: `nil` for theirs.
    package func tell(_ letter: AccountLetter, _ user: UserID, at address: EmailAddress? = nil) {
        guard let mail else { return }
        mail.errands.run("mail") { [stores] in
            let known = try await stores.emails.email(of: user).verified
            guard let address = address ?? known, let user = try await stores.users.user(user) else { return }
            try await mail.post.send(letter, to: address, of: user)
        }
    }

    /// Sends a code off the request's way: whether the address is somebody's takes no time that can be measured.
    func send(_ code: String, to address: EmailAddress, of user: User, _ mail: AccountMail) {
        mail.errands.run("code") { [stores, limits] in
            if let owner = try await stores.emails.owner(of: address), owner.id != user.id {
                try await mail.post.send(.addressInUse, to: address, of: owner)
            } else {
                try await mail.post.send(
                    .verification(code: code, lasting: limits.emailCodeTime), to: address, of: user)
            }
        }
    }

    private func sendCode(to address: EmailAddress, _ principal: Principal, _ mail: AccountMail) async throws {
        try mail.codesToAddress.check(address.normalized)
        try mail.codesToPerson.take(principal.user)
        try mail.codesToAddress.take(address.normalized)
        let (claim, code) = mail.claim(address, limits: limits)
        let user = try await authenticator.pendingUser(principal.user)
        try await stores.emails.claim(claim, of: user.id)
        send(code, to: address, of: user, mail)
    }

    private func requireMail() throws(ChatError) -> AccountMail {
        guard let mail else { throw Self.noMail }
        return mail
    }

    static let noMail = ChatError(.noMail, "This server sends no mail. Ask its operator.")
    private static let nothingToVerify = ChatError(
        .emailCodeExpired, "There is no address that waits for a code.", field: "code")
}
