package import Foundation

/// The question for a signature, as `PublicKeyCredential.parseRequestOptionsFromJSON` takes it (WebAuthn Level 3, section
/// 5.1.9; the members are those of section 5.5).
package struct RequestOptions: Encodable, Sendable {
    private let challenge: Challenge
    private let timeout: Int
    private let rpId: String
    private let allowCredentials: [CredentialDescriptor]
    private let userVerification: UserVerification

    /// - Parameters:
    ///   - allowed: the person's credentials, or none where it is not known yet who signs in. What it says about a
    ///     username tells strangers whether that has an account (section 14.6.2): ask with it after the password only.
    ///   - timeout: how long the person has, in milliseconds.
    package init(
        for site: RelyingParty, challenge: Challenge, allowed: [CredentialDescriptor],
        userVerification: UserVerification, timeout: Int = 300_000
    ) {
        self.challenge = challenge
        self.timeout = timeout
        rpId = site.id
        allowCredentials = allowed
        self.userVerification = userVerification
    }

    /// The same bytes for the same options.
    package func json() throws -> Data { try CredentialJSON.encode(self) }
}
