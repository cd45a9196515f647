package import Foundation

/// What a provider says of itself (OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2), checked.
package struct Discovery: Hashable, Sendable {
    package let issuer: String
    package let authorizationEndpoint: String
    package let tokenEndpoint: String
    package let keysEndpoint: String
    package let userInfoEndpoint: String?
    package let clientAuthentication: ClientAuthentication
    /// Whether each of its answers names the issuer (RFC 9207, section 3).
    package let alwaysSendsIssuer: Bool

    /// How we show the token endpoint who we are (RFC 6749, section 2.3.1).
    package enum ClientAuthentication: Hashable, Sendable {
        /// `client_secret_basic`, which all servers have, and which is used where both are.
        case basic
        /// `client_secret_post`
        case post
        /// For a client without a secret.
        case none
    }

    package static let bytesMax = 64 * 1024

    /// Where the document of an issuer is (section 4.1).
    static func address(ofIssuer issuer: String) -> String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    }

    /// Checks a document (section 4.3).
    /// - Throws: `malformed`, `otherIssuer`, `insecureEndpoint`, `nothingInCommon`.
    package init(_ document: Data, of provider: Provider) throws(OpenIDError) {
        let fields: Fields
        do { fields = try JSONDecoder.decode(Fields.self, from: document) } catch {
            throw OpenIDError.malformed(what: "the discovery document", reason: error.reason)
        }
        guard fields.issuer == provider.issuer else { throw .otherIssuer(fields.issuer) }
        issuer = fields.issuer
        let allowsHTTP = ProviderAddress(fields.issuer)?.isLoopback ?? false
        func endpoint(_ name: String, _ url: String) throws(OpenIDError) -> String {
            guard let address = ProviderAddress(url), address.isSecure || (allowsHTTP && address.isLoopback) else {
                throw .insecureEndpoint(name: name, url: url)
            }
            return url
        }
        authorizationEndpoint = try endpoint("authorization_endpoint", fields.authorizationEndpoint)
        tokenEndpoint = try endpoint("token_endpoint", fields.tokenEndpoint)
        keysEndpoint = try endpoint("jwks_uri", fields.keysEndpoint)
        userInfoEndpoint =
            if let url = fields.userInfoEndpoint { try endpoint("userinfo_endpoint", url) } else { nil }
        // Without the field, RS256 is what every provider has.
        let algorithms = fields.signingAlgorithms ?? ["RS256"]
        guard algorithms.contains(where: { SigningAlgorithm(rawValue: $0) != nil }) else {
            throw .nothingInCommon("signature algorithm of ID tokens")
        }
        clientAuthentication = try Self.clientAuthentication(
            provider, offered: fields.clientAuthentications)
        alwaysSendsIssuer = fields.alwaysSendsIssuer ?? false
    }

    private static func clientAuthentication(
        _ provider: Provider, offered: [String]?
    ) throws(OpenIDError) -> ClientAuthentication {
        guard provider.secret != nil else { return .none }
        guard let offered, !offered.contains("client_secret_basic") else { return .basic }
        guard offered.contains("client_secret_post") else { throw .nothingInCommon("way of showing a client's secret") }
        return .post
    }

    private struct Fields: Decodable {
        let issuer: String
        let authorizationEndpoint: String
        let tokenEndpoint: String
        let keysEndpoint: String
        let userInfoEndpoint: String?
        let signingAlgorithms: [String]?
        let clientAuthentications: [String]?
        let alwaysSendsIssuer: Bool?

        private enum CodingKeys: String, CodingKey {
            case issuer
            case authorizationEndpoint = "authorization_endpoint"
            case tokenEndpoint = "token_endpoint"
            case keysEndpoint = "jwks_uri"
            case userInfoEndpoint = "userinfo_endpoint"
            case signingAlgorithms = "id_token_signing_alg_values_supported"
            case clientAuthentications = "token_endpoint_auth_methods_supported"
            case alwaysSendsIssuer = "authorization_response_iss_parameter_supported"
        }
    }
}
