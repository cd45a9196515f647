import Auth

/// Where the visitor is sent to sign in (OpenID Connect Core 1.0, section 3.1.2.1; RFC 7636, section 4.3).
enum AuthorizationRequest {
    static func url(
        _ discovery: Discovery, _ provider: Provider, redirectURI: String, state: OpaqueToken, attempt: SignInAttempt
    ) -> String {
        let query = FormFields.encoded([
            ("response_type", "code"), ("client_id", provider.clientID), ("redirect_uri", redirectURI),
            ("scope", provider.scopes.joined(separator: " ")), ("state", state.text), ("nonce", attempt.nonce),
            ("code_challenge", attempt.challenge), ("code_challenge_method", "S256"),
        ])
        let endpoint = discovery.authorizationEndpoint
        // A query that it has already stays (RFC 6749, section 3.1).
        guard endpoint.contains("?") else { return "\(endpoint)?\(query)" }
        return endpoint + (endpoint.hasSuffix("?") || endpoint.hasSuffix("&") ? "" : "&") + query
    }
}
