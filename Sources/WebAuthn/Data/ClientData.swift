package import Foundation

/// What the browser says about a ceremony (WebAuthn, section 5.8.1), and has the authenticator sign the hash of.
package struct ClientData: Hashable, Sendable {
    package let type: String
    package let challenge: String
    package let origin: String
    package let crossOrigin: Bool?
    package let topOrigin: String?

    /// - Parameter json: `clientDataJSON`. Members that are not known are passed over (5.8.1.2).
    /// - Throws: `clientDataMalformed`.
    package init(json: Data) throws(WebAuthnError) {
        struct Members: Decodable {
            let type: String
            let challenge: String
            let origin: String
            let crossOrigin: Bool?
            let topOrigin: String?
        }
        // "UTF-8 decode" passes over one byte order mark. Foundation would guess at UTF-16 and UTF-32, hence no zeros.
        let bytes = json.starts(with: [0xEF, 0xBB, 0xBF]) ? Data(json.dropFirst(3)) : json
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil,
            let members = try? JSONDecoder().decode(Members.self, from: bytes)
        else { throw .clientDataMalformed }
        type = members.type
        challenge = members.challenge
        origin = members.origin
        crossOrigin = members.crossOrigin
        topOrigin = members.topOrigin
    }

    enum Ceremony: String {
        case create = "webauthn.create"
        case get = "webauthn.get"
    }

    /// The steps of 7.1 and 7.2 that look at the client data, in their order.
    func check(_ ceremony: Ceremony, _ challenge: Challenge, _ site: RelyingParty) throws(WebAuthnError) {
        guard type == ceremony.rawValue else { throw .wrongCeremony }
        guard self.challenge.utf8.elementsEqual(challenge.text.utf8) else { throw .wrongChallenge }
        guard site.origins.contains(where: { $0.utf8.elementsEqual(origin.utf8) }) else { throw .originNotAllowed }
        // Our pages are in no frame of another site, so that no answer of ours comes from one.
        guard crossOrigin != true, topOrigin == nil else { throw .crossOrigin }
    }
}
