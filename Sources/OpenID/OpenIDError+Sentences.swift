import Model

extension OpenIDError {
    /// For who wants to sign in. It holds nothing that came from outside but the provider's name, which is a setting.
    /// - Parameter provider: its display name.
    package func sentence(provider: String) -> String {
        switch self {
        case .answerMalformed: "\(provider) sent you back with something we cannot read. Start again."
        case .stateUnknown: "We do not know this sign-in. Start again from the sign-in page."
        case .stateExpired: "Signing in with \(provider) took more than ten minutes. Start again."
        case .stateReplayed: "This sign-in has been used already. If it was not you who used it, start again."
        case .otherBrowser: "This sign-in was begun in another browser. Go on there, or start again here."
        case .otherProvider: "This sign-in was begun with another provider than \(provider). Start again."
        case .otherPerson: "You have signed out or changed accounts since. Sign in, and add \(provider) again."
        case .mixedUp: "Another server answered in the place of \(provider). You have not been signed in."
        case .providerRefused("access_denied"): "You did not let \(provider) sign you in here."
        case .providerRefused("temporarily_unavailable"), .providerRefused("server_error"):
            "\(provider) cannot sign you in just now. Try again in a moment."
        case .providerRefused: "\(provider) refused to sign you in here. The log of this server says why."
        case .unreachable, .answerTooLarge: "We could not reach \(provider) just now. Try again in a moment."
        case .badStatus, .malformed: "\(provider) gave an answer that we cannot use. Try again later."
        case .otherIssuer, .insecureEndpoint, .nothingInCommon, .clientRefused, .exchangeRefused:
            "Signing in with \(provider) is not set up right on this server. Tell whoever runs it."
        case .codeRefused: "\(provider) says that this sign-in was used before or took too long. Start again."
        case .tokenMalformed: "What \(provider) says about you cannot be read. You have not been signed in."
        case .tokenUnsigned: "What \(provider) says about you is not signed. You have not been signed in."
        case .algorithmRefused, .signatureWrong:
            "The signature of what \(provider) says about you is not right. You have not been signed in."
        case .keyUnknown: "\(provider) signed with a key that it has not published. Try again in a minute."
        case .issuerWrong: "What should come from \(provider) comes from somebody else. You have not been signed in."
        case .audienceWrong, .authorizedPartyWrong:
            "What \(provider) says about you is meant for another site. You have not been signed in."
        case .tokenExpired: "What \(provider) says about you has expired. Start again."
        case .tokenFromTheFuture: "The clocks of \(provider) and this server differ. Tell whoever runs it."
        case .nonceWrong: "What \(provider) says belongs to another sign-in. You have not been signed in."
        case .accessTokenWrong, .subjectWrong:
            "The answers of \(provider) do not belong together. You have not been signed in."
        }
    }

    /// For whoever runs the server: what was wrong, with what came from outside cut short. The log quotes it.
    package var logLine: String {
        switch self {
        case .answerMalformed(let reason): "the callback's query is malformed: \(reason)"
        case .stateUnknown: "the callback's state was never given out, or long ago"
        case .stateExpired: "the sign-in took longer than \(SignInAttempt.lifetime.count) s"
        case .stateReplayed: "the callback's state has been used before"
        case .otherBrowser: "the callback came from another browser than the one that began"
        case .otherProvider(let name): "the callback's state was given out for provider \(name)"
        case .otherPerson: "who began to add this provider is not who is signed in now"
        case .mixedUp(let issuer?): "the callback's iss is \(issuer.cut), not the provider's (RFC 9207)"
        case .mixedUp: "the callback has no iss, which this provider always sends (RFC 9207)"
        case .providerRefused(let error): "the provider sent error=\(error.cut)"
        case .unreachable(let what, let reason): "no answer for \(what): \(reason.cut)"
        case .badStatus(let what, let status): "status \(status) for \(what)"
        case .answerTooLarge(let what): "the answer for \(what) is too large"
        case .malformed(let what, let reason): "\(what) is malformed: \(reason.cut)"
        case .otherIssuer(let issuer): "the discovery document is that of \(issuer.cut): set the issuer to exactly that"
        case .insecureEndpoint(let name, let url): "\(name) is not a usable https address: \(url.cut)"
        case .nothingInCommon(let what): "the provider has no \(what) that this server has, too"
        case .codeRefused: "the token endpoint refused the code (invalid_grant)"
        case .clientRefused(let error): "the token endpoint refused us (\(error.cut)): check client id and secret"
        case .exchangeRefused(let error): "the token endpoint refused the exchange (\(error.cut))"
        case .tokenMalformed(let reason): "the ID token is malformed: \(reason.cut)"
        case .tokenUnsigned: "the ID token is not signed (alg none)"
        case .algorithmRefused(let name): "the ID token's alg is \(name.cut), which is not accepted"
        case .keyUnknown(let id?): "the ID token's key \(id.cut) is not among the provider's"
        case .keyUnknown: "the ID token names no key, and the provider has several or none that fit"
        case .signatureWrong: "the ID token's signature is wrong"
        case .issuerWrong(let issuer): "the ID token's iss is \(issuer.cut)"
        case .audienceWrong(let names):
            "the ID token's aud is \(names.joined(separator: " ").cut), without our client id"
        case .authorizedPartyWrong(let name): "the ID token's azp is \((name ?? "missing").cut)"
        case .tokenExpired: "the ID token has expired: check this server's clock"
        case .tokenFromTheFuture: "the ID token was issued in the future: check this server's clock"
        case .nonceWrong: "the ID token's nonce is not that of this sign-in"
        case .accessTokenWrong: "the ID token's at_hash is not that of the access token"
        case .subjectWrong(let subject): "userinfo is about sub \(subject.cut), not the ID token's"
        }
    }
}

extension String {
    /// The first 200 characters of what came from outside.
    fileprivate var cut: String { count > 200 ? prefix(200) + "…" : self }
}
