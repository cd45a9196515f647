import Auth
package import Model
import Storage

/// Accounts of people whose address somebody else vouches for: a provider of sign-ins, or the operator.
extension Chat {
    /// The account that has verified an address.
    package func account(withEmail address: EmailAddress) async throws -> User? {
        try await stores.emails.owner(of: address)
    }

    /// The addresses of an account.
    package func email(of user: UserID) async throws -> AccountEmail {
        try await stores.emails.email(of: user)
    }

    /// Makes an account with a verified address, which is welcomed by mail, and without a password that anybody knows: whoever wants one asks for a
    /// link to set it.
    /// - Throws: as `Authenticator.register`; `email_taken`.
    package func createAccount(
        username: String, name: String?, verifiedEmail: EmailAddress, admission: Admission = .open, client: Client
    ) async throws -> User {
        let user = try await authenticator.register(
            username: username, name: name, password: OpaqueToken().text, admission: admission,
            email: .verified(verifiedEmail), from: client)
        tell(.welcome, user.id)
        return user
    }

    /// Makes an address an account's without a code, in place of any before it.
    /// - Throws: `email_taken`, `user_not_found`.
    package func setVerifiedEmail(_ address: EmailAddress, of user: UserID) async throws {
        _ = try await stores.emails.setVerified(address, of: user, at: .now, audit: nil)
    }
}
