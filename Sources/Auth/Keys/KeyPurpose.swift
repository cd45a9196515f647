package import Model

/// What a key of the server's own is for. Each has keys that know nothing of the others', and is changed by itself.
package enum KeyPurpose: String, CaseIterable, Sendable {
    /// What signs the access tokens of the API.
    case accessTokens = "access-tokens"
    /// What binds forms to the browsers that they were made for.
    case formTokens = "form-tokens"
    /// What carries somebody from the password to the code.
    case pendingSignIns = "pending-sign-ins"
    /// What `parley doctor-key` is made of.
    case doctor

    /// What the first key is drawn from the server's secret under.
    var label: String {
        switch self {
        case .accessTokens: "access tokens"
        case .formTokens: "form tokens"
        case .pendingSignIns: "pending sign-ins"
        case .doctor: "doctor"
        }
    }

    /// How long what was made with a key is good for, at the most: so long an older key is still believed.
    ///
    /// - Parameter accessTokens: the life of an access token.
    package func lifetime(accessTokens: Seconds) -> Seconds {
        switch self {
        case .accessTokens: accessTokens
        case .formTokens: .days(1)
        case .pendingSignIns: Seconds(600)
        // Made anew in a moment, by who can change the keys.
        case .doctor: Seconds(0)
        }
    }
}
