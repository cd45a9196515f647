import Auth
package import Model
import Storage

extension Chat {
    /// Makes an account, and sends a code to its address where one is given. It says the same, and takes as long, whether or
    /// not the address is somebody's already: whose it is gets a mail that says so.
    /// - Throws: as `Authenticator.register`; `invalid_field` with the field `email`.
    package func register(
        username: String, name: String?, password: String, email: String?, admission: Admission, from client: Client
    ) async throws -> User {
        var isInvited = false
        if case .invitation = admission { isInvited = true }
        let address = try newAddress(email ?? "", isInvited: isInvited)
        guard let mail, let address else {
            return try await authenticator.register(
                username: username, name: name, password: password, admission: admission, from: client)
        }
        try mail.codesToAddress.check(address.normalized)
        let (claim, code) = mail.claim(address, limits: limits)
        let user = try await authenticator.register(
            username: username, name: name, password: password, admission: admission, email: .claimed(claim),
            from: client)
        try? mail.codesToPerson.take(user.id)
        try? mail.codesToAddress.take(address.normalized)
        send(code, to: address, of: user, mail)
        return user
    }

    /// The address of a new account, where it has to have one or has one.
    private func newAddress(_ text: String, isInvited: Bool) throws(ChatError) -> EmailAddress? {
        guard !text.isEmpty else {
            if authenticator.needsEmail, mail != nil {
                throw ChatError(
                    .invalidField, "An e-mail address is needed: a code is sent to it.", field: "email")
            }
            return nil
        }
        let address = try EmailAddress(text)
        guard let mail else {
            throw ChatError(.invalidField, "This server sends no mail, so it takes no addresses.", field: "email")
        }
        if !isInvited { try mail.checkDomain(of: address) }
        return address
    }
}
