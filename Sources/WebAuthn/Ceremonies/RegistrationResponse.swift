package import Foundation

/// The browser's answer to `CreationOptions`: `toJSON()` of what `navigator.credentials.create()` gave (WebAuthn Level 3,
/// sections 5.1.6 and 5.2.1). Nothing in it has been checked.
package struct RegistrationResponse: Hashable, Sendable {
    package let id: CredentialID
    let clientDataJSON: Data
    let attestationObject: Data
    /// As `NewCredential.transports`.
    let transports: [String]
    let isDiscoverable: Bool?

    /// - Throws: `response…`, `notAPublicKeyCredential`, `idMismatch`.
    package init(json: Data) throws(WebAuthnError) {
        let answer = try CredentialJSON.decode(Answer.self, json)
        try CredentialJSON.check(id: answer.id, rawId: answer.rawId, type: answer.type)
        id = answer.id
        clientDataJSON = answer.response.clientDataJSON.bytes
        attestationObject = answer.response.attestationObject.bytes
        transports = Self.kept(answer.response.transports ?? [])
        isDiscoverable = answer.clientExtensionResults?.credProps?.rk
    }

    /// Also those that are not known yet (section 5.8.4), but nothing that is not the name of one.
    private static func kept(_ transports: [String]) -> [String] {
        Array(Set(transports.filter { $0.wholeMatch(of: /[a-z][a-z0-9-]{0,31}/) != nil }).sorted().prefix(8))
    }

    private struct Answer: Decodable {
        struct Response: Decodable {
            let clientDataJSON: ResponseBytes
            let attestationObject: ResponseBytes
            let transports: [String]?
        }
        struct Extensions: Decodable {
            struct Properties: Decodable {
                let rk: Bool?
            }
            let credProps: Properties?
        }
        let id: CredentialID
        let rawId: CredentialID
        let type: String
        let response: Response
        let clientExtensionResults: Extensions?
    }
}
