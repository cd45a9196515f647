import Foundation

/// Asks for what the ID token did not say (OpenID Connect Core 1.0, section 5.3).
enum UserInfo {
    static let bytesMax = 64 * 1024
    private static let what = "userinfo"

    /// - Throws: `subjectWrong` where the answer is about somebody else (section 5.3.2).
    static func profile(
        of subject: String, endpoint: String, accessToken: String, by client: ProviderClient
    ) async throws -> ProfileClaims {
        struct Answer: Decodable {
            let sub: String
        }
        let bytes = try await client.get(
            endpoint, what, bodyMax: bytesMax, headers: ["authorization": "Bearer \(accessToken)"])
        do {
            let answer = try JSONDecoder.decode(Answer.self, from: bytes)
            guard answer.sub == subject else { throw OpenIDError.subjectWrong(answer.sub) }
            return try JSONDecoder.decode(ProfileClaims.self, from: bytes)
        } catch let fault as JSONFault {
            throw OpenIDError.malformed(what: what, reason: fault.reason)
        }
    }
}
