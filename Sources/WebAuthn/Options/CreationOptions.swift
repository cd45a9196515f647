package import Foundation

/// The question for a new credential, as `PublicKeyCredential.parseCreationOptionsFromJSON` takes it (WebAuthn Level 3,
/// section 5.1.8; the members are those of section 5.4).
package struct CreationOptions: Encodable, Sendable {
    /// Whose credential it will be (section 5.4.3). The names are what the browser shows when there is a choice.
    package struct User: Encodable, Sendable {
        package let id: UserHandle
        package let name: String
        package let displayName: String

        package init(id: UserHandle, name: String, displayName: String) {
            self.id = id
            self.name = name
            self.displayName = displayName
        }
    }

    /// Whether the authenticator keeps the credential itself, so that it is found without a username (section 5.4.6).
    package enum ResidentKey: String, Encodable, Sendable {
        /// A passkey.
        case required
        case preferred
        case discouraged
    }

    private struct Site: Encodable {
        let id: String
        let name: String
    }

    private struct Parameters: Encodable {
        let type = "public-key"
        let alg: Int64

        private enum CodingKeys: CodingKey { case type, alg }
    }

    private struct Selection: Encodable {
        let residentKey: ResidentKey
        let requireResidentKey: Bool
        let userVerification: UserVerification
    }

    private struct Extensions: Encodable {
        /// Asks whether the authenticator kept it (section 10.1.3): `NewCredential.isDiscoverable`.
        let credProps = true

        private enum CodingKeys: CodingKey { case credProps }
    }

    private let rp: Site
    private let user: User
    private let challenge: Challenge
    private let pubKeyCredParams: [Parameters]
    private let timeout: Int
    private let excludeCredentials: [CredentialDescriptor]
    private let authenticatorSelection: Selection
    private let attestation = "none"
    private let extensions = Extensions()

    /// - Parameters:
    ///   - known: the person's credentials, so that one authenticator is not registered twice.
    ///   - timeout: how long the person has, in milliseconds; browsers keep between half a minute and ten (section 15.1).
    package init(
        for site: RelyingParty, user: User, challenge: Challenge, known: [CredentialDescriptor],
        residentKey: ResidentKey, userVerification: UserVerification, timeout: Int = 300_000
    ) {
        rp = Site(id: site.id, name: site.name)
        self.user = user
        self.challenge = challenge
        pubKeyCredParams = SignatureAlgorithm.allCases.map { Parameters(alg: $0.rawValue) }
        self.timeout = timeout
        excludeCredentials = known
        authenticatorSelection = Selection(
            residentKey: residentKey, requireResidentKey: residentKey == .required, userVerification: userVerification)
    }

    private enum CodingKeys: CodingKey {
        case rp, user, challenge, pubKeyCredParams, timeout, excludeCredentials, authenticatorSelection, attestation
        case extensions
    }

    /// The same bytes for the same options.
    package func json() throws -> Data { try CredentialJSON.encode(self) }
}
