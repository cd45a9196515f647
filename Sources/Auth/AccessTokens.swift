package import Crypto
import Foundation
import JWTKit
package import Model

/// The short-lived tokens of the API: JWT (RFC 7519), signed with HMAC-SHA256.
package struct AccessTokens: Sendable {
    /// What an access token says, once its signature has been checked.
    package struct Claims: Hashable, Sendable {
        package let user: UserID
        package let session: SessionID
    }

    private let current: JWTKeyCollection
    private let older: [(keys: JWTKeyCollection, until: Timestamp)]
    package let lifetime: Seconds

    package init(key: SymmetricKey, lifetime: Seconds) async {
        await self.init(keys: SigningKeys(key), lifetime: lifetime)
    }

    package init(keys: SigningKeys, lifetime: Seconds) async {
        current = await Self.collection(keys.current)
        var older: [(keys: JWTKeyCollection, until: Timestamp)] = []
        for (key, until) in keys.older { older.append((await Self.collection(key), until)) }
        self.older = older
        self.lifetime = lifetime
    }

    private static func collection(_ key: SymmetricKey) async -> JWTKeyCollection {
        await JWTKeyCollection().add(hmac: HMACKey(key: key), digestAlgorithm: .sha256)
    }

    package func issue(for user: UserID, session: SessionID, now: Timestamp = .now) async throws -> String {
        let payload = Payload(
            sub: SubjectClaim(value: String(user.rawValue)), sid: session.rawValue,
            iat: IssuedAtClaim(value: now.date), exp: ExpirationClaim(value: (now + lifetime).date))
        return try await current.sign(payload)
    }

    /// - Throws: `token_missing`, `token_algorithm`, `token_invalid`, `token_expired`.
    package func verify(_ token: String, now: Timestamp = .now) async throws -> Claims {
        guard !token.isEmpty else { throw ChatError(.tokenMissing, "The access token is empty.") }
        try Self.checkAlgorithm(token)
        for keys in [current] + older.filter({ $0.until > now }).map(\.keys) {
            guard let payload = try await payload(token, by: keys) else { continue }
            guard let user = Int64(payload.sub.value) else { break }
            return Claims(user: UserID(rawValue: user), session: SessionID(rawValue: payload.sid))
        }
        throw Self.invalid
    }

    /// - Returns: `nil` where another key has signed it, or nobody of ours.
    /// - Throws: `token_expired`.
    private func payload(_ token: String, by keys: JWTKeyCollection) async throws -> Payload? {
        do {
            return try await keys.verify(token, as: Payload.self)
        } catch let error as JWTError where error.errorType == .claimVerificationFailure {
            throw ChatError(.tokenExpired, "The access token has expired. Get a new one from /api/auth/refresh/.")
        } catch {
            return nil
        }
    }

    private static let invalid = ChatError(.tokenInvalid, "This is not an access token of this server.")

    /// The algorithm is ours to choose, never the token's (RFC 8725, section 3.1).
    private static func checkAlgorithm(_ token: String) throws {
        struct Header: Decodable {
            let alg: String
        }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Data(base64URL: parts[0]),
            let header = try? JSONDecoder().decode(Header.self, from: bytes)
        else { throw invalid }
        guard header.alg == "HS256" else {
            throw ChatError(.tokenAlgorithm, "Access tokens of this server are signed with HS256.")
        }
    }

    private struct Payload: JWTPayload {
        let sub: SubjectClaim
        let sid: Int64
        let iat: IssuedAtClaim
        let exp: ExpirationClaim

        func verify(using algorithm: some JWTAlgorithm) throws {
            try exp.verifyNotExpired()
        }
    }
}

extension Timestamp {
    fileprivate var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
