import Foundation

/// The JSON that goes to the browser and comes back.
package enum CredentialJSON {
    /// Longest answer that is read, in bytes. Attestations with their certificates take a few thousand.
    package static let bytesMax = 65_536

    static func encode(_ options: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(options)
    }

    static func decode<Answer: Decodable>(_ type: Answer.Type, _ json: Data) throws(WebAuthnError) -> Answer {
        guard json.count <= bytesMax else { throw .responseTooLong }
        // Foundation would guess at UTF-16 and UTF-32.
        guard !json.contains(0), let answer = try? JSONDecoder().decode(type, from: json) else {
            throw .responseMalformed
        }
        return answer
    }

    /// What both kinds of answer begin with (WebAuthn, section 5.1).
    static func check(id: CredentialID, rawId: CredentialID, type: String) throws(WebAuthnError) {
        guard type == "public-key" else { throw .notAPublicKeyCredential }
        guard id == rawId else { throw .idMismatch }
    }
}
