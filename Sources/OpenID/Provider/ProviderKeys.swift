import Foundation
package import Model

/// The keys that a provider signs with (RFC 7517), fetched when they are needed and kept for an hour. A token that names
/// one we have not seen has them fetched again, at most once a minute: keys change when providers see fit.
package struct ProviderKeys: Sendable {
    private let keys: Refreshed<[VerificationKey]>

    package static let lifetime = Seconds(3600)
    package static let pause = Seconds(60)
    package static let bytesMax = 256 * 1024
    /// More are not looked at.
    package static let countMax = 64
    private static let what = "the provider's keys"

    init(
        client: ProviderClient, now: @escaping @Sendable () -> Timestamp,
        address: @escaping @Sendable () async throws -> String
    ) {
        keys = Refreshed(lifetime: Self.lifetime, pause: Self.pause, now: now) {
            try Self.parse(try await client.get(try await address(), Self.what, bodyMax: Self.bytesMax))
        }
    }

    /// - Throws: `algorithmRefused`, `tokenUnsigned`, `keyUnknown`, `signatureWrong`; what fetching the keys throws.
    func check(_ token: SignedToken) async throws {
        guard token.algorithm.lowercased() != "none" else { throw OpenIDError.tokenUnsigned }
        guard let algorithm = SigningAlgorithm(rawValue: token.algorithm) else {
            throw OpenIDError.algorithmRefused(token.algorithm)
        }
        let known = Self.candidates(try await keys.value(), for: token.keyID, algorithm)
        if await token.isSigned(by: known, algorithm) { return }
        // A newer set may have the key: unless we have one of that very name, which did not sign this.
        let isDecided = token.keyID != nil && !known.isEmpty
        let newer = isDecided ? nil : try await keys.anew()
        let candidates = newer.map { Self.candidates($0, for: token.keyID, algorithm) } ?? known
        guard !candidates.isEmpty else { throw OpenIDError.keyUnknown(id: token.keyID) }
        guard await token.isSigned(by: candidates, algorithm) else { throw OpenIDError.signatureWrong }
    }

    /// Those of that name; without a name the only one there is (OpenID Connect Core 1.0, section 10.1).
    private static func candidates(
        _ keys: [VerificationKey], for id: String?, _ algorithm: SigningAlgorithm
    ) -> [VerificationKey] {
        let fitting = keys.filter { $0.fits(algorithm) }
        guard let id else { return fitting.count == 1 ? fitting : [] }
        return fitting.filter { $0.id == id }
    }

    private static func parse(_ bytes: Data) throws(OpenIDError) -> [VerificationKey] {
        /// One that cannot be read is as good as one of another kind.
        struct Lenient: Decodable {
            let fields: VerificationKey.Fields?
            init(from decoder: any Decoder) throws { fields = try? VerificationKey.Fields(from: decoder) }
        }
        struct Document: Decodable {
            let keys: [Lenient]
        }
        let document: Document
        do { document = try JSONDecoder.decode(Document.self, from: bytes) } catch {
            throw .malformed(what: what, reason: error.reason)
        }
        return document.keys.prefix(countMax).compactMap { $0.fields.flatMap(VerificationKey.init) }
    }
}
