package import Foundation

/// The browser's answer to `RequestOptions`: `toJSON()` of what `navigator.credentials.get()` gave (WebAuthn Level 3,
/// sections 5.1.6 and 5.2.2). Nothing in it has been checked; `id` is what the caller looks the credential up by.
package struct AssertionResponse: Hashable, Sendable {
    package let id: CredentialID
    let clientDataJSON: Data
    let authenticatorData: Data
    let signature: Data
    let userHandle: UserHandle?

    /// - Throws: `response…`, `notAPublicKeyCredential`, `idMismatch`.
    package init(json: Data) throws(WebAuthnError) {
        let answer = try CredentialJSON.decode(Answer.self, json)
        try CredentialJSON.check(id: answer.id, rawId: answer.rawId, type: answer.type)
        id = answer.id
        clientDataJSON = answer.response.clientDataJSON.bytes
        authenticatorData = answer.response.authenticatorData.bytes
        signature = answer.response.signature.bytes
        // An empty one is none, as U2F authenticators have it.
        userHandle = answer.response.userHandle.flatMap { $0.bytes.isEmpty ? nil : $0 }
    }

    private struct Answer: Decodable {
        struct Response: Decodable {
            let clientDataJSON: ResponseBytes
            let authenticatorData: ResponseBytes
            let signature: ResponseBytes
            let userHandle: UserHandle?
        }
        let id: CredentialID
        let rawId: CredentialID
        let type: String
        let response: Response
    }
}
