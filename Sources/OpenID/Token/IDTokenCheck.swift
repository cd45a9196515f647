import Auth
import Crypto
import Foundation
import Model

/// Decides whether an ID token is one for this sign-in (OpenID Connect Core 1.0, section 3.1.3.7). The steps are those of
/// the section; 1 (encryption) is not had, 12 and 13 (`acr`, `auth_time`) are not asked for.
struct IDTokenCheck: Sendable {
    let provider: Provider
    let nonce: String
    let accessToken: String
    let now: Timestamp

    /// How far the provider's clock may be ahead of ours.
    static let skew = Seconds(60)

    /// - Throws: a case of `OpenIDError` for the first step that fails.
    func claims(of text: String, keys: ProviderKeys) async throws -> IDClaims {
        let token = try SignedToken(text)
        // 6 to 8, first of all: nothing is said about what nobody signed.
        try await keys.check(token)
        let claims: IDClaims
        do { claims = try JSONDecoder.decode(IDClaims.self, from: token.payload) } catch {
            throw OpenIDError.tokenMalformed("claims: \(error.reason)")
        }
        try checkIssuer(claims)
        try checkAudience(claims)
        try checkAuthorizedParty(claims)
        try checkExpiry(claims)
        try checkIssuedAt(claims)
        try checkNonce(claims)
        try checkAccessToken(claims, token.algorithm)
        try checkSubject(claims)
        return claims
    }

    /// 2
    private func checkIssuer(_ claims: IDClaims) throws(OpenIDError) {
        guard claims.iss == provider.issuer else { throw .issuerWrong(claims.iss) }
    }

    /// 3
    private func checkAudience(_ claims: IDClaims) throws(OpenIDError) {
        guard claims.aud.contains(provider.clientID) else { throw .audienceWrong(claims.aud) }
    }

    /// 4 and 5: it is for us, and where it is for others as well, we are who asked for it.
    private func checkAuthorizedParty(_ claims: IDClaims) throws(OpenIDError) {
        guard claims.azp ?? (claims.aud.count == 1 ? provider.clientID : nil) == provider.clientID else {
            throw .authorizedPartyWrong(claims.azp)
        }
    }

    /// 9, to the second: it was made a moment ago.
    private func checkExpiry(_ claims: IDClaims) throws(OpenIDError) {
        guard seconds < claims.exp else { throw .tokenExpired }
    }

    /// 10, and `nbf` (RFC 7519, section 4.1.5).
    private func checkIssuedAt(_ claims: IDClaims) throws(OpenIDError) {
        guard max(claims.iat, claims.nbf ?? claims.iat) <= seconds + Double(Self.skew.count) else {
            throw .tokenFromTheFuture
        }
    }

    /// 11
    private func checkNonce(_ claims: IDClaims) throws(OpenIDError) {
        guard claims.nonce == nonce else { throw .nonceWrong }
    }

    /// Section 3.1.3.8: where it is there, it is half of the access token's hash, by the hash of the signature.
    private func checkAccessToken(_ claims: IDClaims, _ algorithm: String) throws(OpenIDError) {
        guard let found = claims.accessTokenHash else { return }
        let bytes = Data(accessToken.utf8)
        let hash =
            SigningAlgorithm(rawValue: algorithm) == .edDSA
            ? Data(SHA512.hash(data: bytes)) : Data(SHA256.hash(data: bytes))
        guard found == hash.prefix(hash.count / 2).base64URL else { throw .accessTokenWrong }
    }

    /// Section 2: at most 255 characters of ASCII.
    private func checkSubject(_ claims: IDClaims) throws(OpenIDError) {
        guard (1...255).contains(claims.sub.utf8.count), claims.sub.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw .tokenMalformed("claims: sub is not 1 to 255 characters of ASCII") }
    }

    private var seconds: Double { Double(now.milliseconds) / 1000 }
}
