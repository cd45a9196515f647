import Foundation

/// Trades the code for tokens (RFC 6749, sections 4.1.3 and 5; RFC 7636, section 4.5).
struct TokenExchange: Sendable {
    let provider: Provider
    let discovery: Discovery
    let redirectURI: String

    static let bytesMax = 64 * 1024
    private static let what = "the exchange of the code"

    struct Tokens: Sendable {
        let idToken: String
        let accessToken: String
    }

    func request(code: String, verifier: String) -> OpenIDRequest {
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI),
            ("code_verifier", verifier),
        ]
        var headers = ["accept": "application/json", "content-type": "application/x-www-form-urlencoded"]
        switch (discovery.clientAuthentication, provider.secret) {
        case (.basic, let secret?):
            // Each is encoded as in a form first (section 2.3.1), since a colon in one would end it.
            let pair = FormFields.encoded(provider.clientID) + ":" + FormFields.encoded(secret)
            headers["authorization"] = "Basic \(Data(pair.utf8).base64EncodedString())"
        case (.post, let secret?): fields += [("client_id", provider.clientID), ("client_secret", secret)]
        default: fields.append(("client_id", provider.clientID))
        }
        return OpenIDRequest(
            method: .post, url: discovery.tokenEndpoint, headers: headers,
            body: Data(FormFields.encoded(fields).utf8), bodyMax: Self.bytesMax, timeout: ProviderClient.timeout)
    }

    func exchange(code: String, verifier: String, by client: ProviderClient) async throws -> Tokens {
        try Self.tokens(try await client.send(request(code: code, verifier: verifier), Self.what))
    }

    static func tokens(_ response: OpenIDResponse) throws(OpenIDError) -> Tokens {
        guard response.status == 200 else { throw refusal(response) }
        struct Success: Decodable {
            let idToken: String
            let accessToken: String
            let type: String

            private enum CodingKeys: String, CodingKey {
                case idToken = "id_token"
                case accessToken = "access_token"
                case type = "token_type"
            }
        }
        let success: Success
        do { success = try JSONDecoder.decode(Success.self, from: response.body) } catch {
            throw .malformed(what: what, reason: error.reason)
        }
        guard success.type.lowercased() == "bearer" else {
            throw .malformed(what: what, reason: "token_type is not Bearer")
        }
        // It goes into a header field (RFC 6750, section 2.1).
        guard !success.accessToken.isEmpty, success.accessToken.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .malformed(what: what, reason: "access_token is not a token")
        }
        return Tokens(idToken: success.idToken, accessToken: success.accessToken)
    }

    /// RFC 6749, section 5.2.
    private static func refusal(_ response: OpenIDResponse) -> OpenIDError {
        struct Failure: Decodable {
            let error: String
        }
        guard (400..<500).contains(response.status),
            let failure = try? JSONDecoder().decode(Failure.self, from: response.body)
        else { return .badStatus(what: what, status: response.status) }
        return switch failure.error {
        case "invalid_grant": .codeRefused
        case "invalid_client", "unauthorized_client": .clientRefused(error: failure.error)
        default: .exchangeRefused(error: failure.error)
        }
    }
}
