/// A credential that is known (WebAuthn, section 5.8.3), for the browser to look for or to leave out.
package struct CredentialDescriptor: Encodable, Hashable, Sendable {
    package let id: CredentialID
    /// Ways to reach it, as `NewCredential.transports` had them.
    package let transports: [String]

    package init(id: CredentialID, transports: [String]) {
        self.id = id
        self.transports = transports
    }

    private enum CodingKeys: CodingKey { case id, transports, type }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("public-key", forKey: .type)
        try container.encode(id, forKey: .id)
        if !transports.isEmpty { try container.encode(transports, forKey: .transports) }
    }
}
