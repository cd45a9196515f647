/// Why somebody could not be signed in by a provider. Nothing has changed when one is thrown, but that the attempt is
/// used up.
package enum OpenIDError: Error, Hashable, Sendable {
    // What the browser came back with.
    case answerMalformed(String)
    case stateUnknown
    case stateExpired
    case stateReplayed
    case otherBrowser
    case otherProvider(String)
    case otherPerson
    case mixedUp(issuer: String?)
    case providerRefused(error: String)

    // What the provider says when we ask.
    case unreachable(what: String, reason: String)
    case badStatus(what: String, status: Int)
    case answerTooLarge(what: String)
    case malformed(what: String, reason: String)
    case otherIssuer(String)
    case insecureEndpoint(name: String, url: String)
    case nothingInCommon(String)
    case codeRefused
    case clientRefused(error: String)
    case exchangeRefused(error: String)

    // What is wrong with its ID token.
    case tokenMalformed(String)
    case tokenUnsigned
    case algorithmRefused(String)
    case keyUnknown(id: String?)
    case signatureWrong
    case issuerWrong(String)
    case audienceWrong([String])
    case authorizedPartyWrong(String?)
    case tokenExpired
    case tokenFromTheFuture
    case nonceWrong
    case accessTokenWrong
    case subjectWrong(String)

    /// Stable: pages, tests and log searches go by it.
    package var code: String {
        switch self {
        case .answerMalformed: "openid_answer_malformed"
        case .stateUnknown: "openid_state_unknown"
        case .stateExpired: "openid_state_expired"
        case .stateReplayed: "openid_state_replayed"
        case .otherBrowser: "openid_other_browser"
        case .otherProvider: "openid_other_provider"
        case .otherPerson: "openid_other_person"
        case .mixedUp: "openid_mixed_up"
        case .providerRefused: "openid_provider_refused"
        case .unreachable: "openid_unreachable"
        case .badStatus: "openid_bad_status"
        case .answerTooLarge: "openid_answer_too_large"
        case .malformed: "openid_malformed"
        case .otherIssuer: "openid_other_issuer"
        case .insecureEndpoint: "openid_insecure_endpoint"
        case .nothingInCommon: "openid_nothing_in_common"
        case .codeRefused: "openid_code_refused"
        case .clientRefused: "openid_client_refused"
        case .exchangeRefused: "openid_exchange_refused"
        case .tokenMalformed: "openid_token_malformed"
        case .tokenUnsigned: "openid_token_unsigned"
        case .algorithmRefused: "openid_algorithm_refused"
        case .keyUnknown: "openid_key_unknown"
        case .signatureWrong: "openid_signature_wrong"
        case .issuerWrong: "openid_issuer_wrong"
        case .audienceWrong: "openid_audience_wrong"
        case .authorizedPartyWrong: "openid_authorized_party_wrong"
        case .tokenExpired: "openid_token_expired"
        case .tokenFromTheFuture: "openid_token_from_the_future"
        case .nonceWrong: "openid_nonce_wrong"
        case .accessTokenWrong: "openid_access_token_wrong"
        case .subjectWrong: "openid_subject_wrong"
        }
    }

    /// Signing in anew may work, with nobody having changed anything.
    package var isTemporary: Bool {
        switch self {
        case .stateUnknown, .stateExpired, .stateReplayed, .otherBrowser, .unreachable, .codeRefused, .tokenExpired,
            .keyUnknown:
            true
        case .badStatus(_, let status): status >= 500 || status == 429
        case .providerRefused(let error): ["access_denied", "temporarily_unavailable", "server_error"].contains(error)
        default: false
        }
    }
}
