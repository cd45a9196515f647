import Auth
package import Foundation
package import Model
package import Proxy

/// Signs people in by one provider (OpenID Connect Core 1.0, section 3.1: the authorization code flow, with PKCE). One for
/// each provider, for as long as the server runs: it keeps what it knows of the provider.
package struct RelyingParty: Sendable {
    package let provider: Provider
    /// What to register with the provider.
    package let redirectURI: String

    private let attempts: any AttemptStore
    private let client: ProviderClient
    private let discovery: Refreshed<Discovery>
    private let keys: ProviderKeys
    private let now: @Sendable () -> Timestamp

    /// How long what a provider says of itself is believed.
    package static let discoveryLifetime = Seconds(3600)

    package init(
        provider: Provider, publicURL: PublicURL, attempts: any AttemptStore, transport: any OpenIDTransport,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        let client = ProviderClient(transport: transport)
        let discovery = Refreshed(lifetime: Self.discoveryLifetime, pause: Self.discoveryLifetime, now: now) {
            let address = Discovery.address(ofIssuer: provider.issuer)
            let document = try await client.get(address, "the discovery document", bodyMax: Discovery.bytesMax)
            return try Discovery(document, of: provider)
        }
        self.provider = provider
        self.attempts = attempts
        self.client = client
        self.discovery = discovery
        self.now = now
        redirectURI = publicURL.link("/auth/\(provider.name)/callback/")
        keys = ProviderKeys(client: client, now: now) { try await discovery.value().keysEndpoint }
    }

    /// What the provider says of itself; for a check at the start, and for the doctor.
    package func discovered() async throws -> Discovery { try await discovery.value() }

    /// Begins a sign-in.
    /// - Parameters:
    ///   - browser: the hash of a cookie of the browser's, which its callback will bring again.
    ///   - linking: who is signed in and wants the provider added to their account.
    ///   - invitation: SHA-256 of the token of the invitation that was opened.
    /// - Returns: where to send the browser.
    /// - Throws: `OpenIDError`, and what the store throws.
    package func begin(browser: Data, next: LocalPath?, linking: UserID? = nil, invitation: Data? = nil) async throws
        -> String
    {
        let discovery = try await discovery.value()
        let state = OpaqueToken()
        let attempt = SignInAttempt(
            state: state, provider: provider, browser: browser, next: next, linking: linking, invitation: invitation,
            now: now())
        try await attempts.keep(attempt)
        return AuthorizationRequest.url(discovery, provider, redirectURI: redirectURI, state: state, attempt: attempt)
    }

    /// Ends a sign-in, well or not: its state is used up.
    /// - Parameters:
    ///   - query: of the callback's address, as it came.
    ///   - browser: as for `begin`; `nil` where there is no such cookie.
    ///   - signedIn: who is signed in in this browser now.
    /// - Throws: `OpenIDError`, and what the store throws.
    package func finish(query: String, browser: Data?, signedIn: UserID?) async throws -> SignIn {
        let answer = try AuthorizationAnswer(query: query)
        let attempt = try await take(answer.state, browser: browser)
        // Nobody's account gets a provider from a sign-in that another one began.
        guard attempt.linking == nil || attempt.linking == signedIn else { throw OpenIDError.otherPerson }
        let discovery = try await discovery.value()
        try checkSender(of: answer, discovery)
        let code: String
        switch answer.outcome {
        case .code(let given): code = given
        case .refused(let error): throw OpenIDError.providerRefused(error: error)
        }
        let exchange = TokenExchange(provider: provider, discovery: discovery, redirectURI: redirectURI)
        let tokens = try await exchange.exchange(code: code, verifier: attempt.verifier, by: client)
        let check = IDTokenCheck(
            provider: provider, nonce: attempt.nonce, accessToken: tokens.accessToken, now: now())
        let claims = try await check.claims(of: tokens.idToken, keys: keys)
        var more: ProfileClaims?
        if claims.profile.email == nil, provider.scopes.contains("email"), let endpoint = discovery.userInfoEndpoint {
            more = try await UserInfo.profile(
                of: claims.sub, endpoint: endpoint, accessToken: tokens.accessToken, by: client)
        }
        return SignIn(
            identity: Identity(claims, more: more), next: attempt.next, linking: attempt.linking,
            invitation: attempt.invitation)
    }

    private func take(_ state: String, browser: Data?) async throws -> SignInAttempt {
        switch try await attempts.take(stateHash: OpaqueToken(state).hash) {
        case .unknown: throw OpenIDError.stateUnknown
        case .again: throw OpenIDError.stateReplayed
        case .first(let attempt):
            guard attempt.provider == provider.name else { throw OpenIDError.otherProvider(attempt.provider) }
            guard attempt.browser == browser else { throw OpenIDError.otherBrowser }
            guard now() < attempt.expiresAt else { throw OpenIDError.stateExpired }
            return attempt
        }
    }

    /// The answer is this provider's and not that of another one, to whom its code would then go (RFC 9207, section 2.4).
    private func checkSender(of answer: AuthorizationAnswer, _ discovery: Discovery) throws(OpenIDError) {
        guard answer.issuer ?? (discovery.alwaysSendsIssuer ? nil : provider.issuer) == provider.issuer else {
            throw .mixedUp(issuer: answer.issuer)
        }
    }
}

/// What a sign-in came to. Whose account it is, `AccountLink` decides.
package struct SignIn: Hashable, Sendable {
    package let identity: Identity
    package let next: LocalPath?
    /// Who began it while signed in, and still is.
    package let linking: UserID?
    /// SHA-256 of the token of the invitation that they had opened.
    package let invitation: Data?
}
