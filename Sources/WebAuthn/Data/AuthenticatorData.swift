import Foundation

/// What the authenticator says about a ceremony, and signs (WebAuthn, section 6.1).
package struct AuthenticatorData: Hashable, Sendable {
    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let userPresent = Flags(rawValue: 1 << 0)
        package static let userVerified = Flags(rawValue: 1 << 2)
        package static let backupEligible = Flags(rawValue: 1 << 3)
        package static let backedUp = Flags(rawValue: 1 << 4)
        package static let attestedCredential = Flags(rawValue: 1 << 6)
        package static let extensions = Flags(rawValue: 1 << 7)
    }

    /// A new credential (WebAuthn, section 6.5.1, "attested credential data").
    package struct AttestedCredential: Hashable, Sendable {
        /// 16 bytes for the model of the authenticator; zeros where it does not say.
        package let aaguid: [UInt8]
        package let id: CredentialID
        package let publicKey: CredentialPublicKey
    }

    /// SHA-256 of the relying party's id.
    package let relyingPartyHash: [UInt8]
    package let flags: Flags
    /// How often the credential signed, or 0 throughout where that is not counted (section 6.1.1).
    package let signCount: UInt32
    package let credential: AttestedCredential?

    /// - Throws: `authenticatorData…`, `credentialIDLength`, `publicKey…`, `algorithmNotOffered`, `extensionsMalformed`, `cbor`.
    package init(_ bytes: [UInt8]) throws(WebAuthnError) {
        var rest = bytes[...]
        relyingPartyHash = Array(try Self.take(32, from: &rest))
        flags = Flags(rawValue: try Self.take(1, from: &rest).reduce(0) { $0 | $1 })
        signCount = try Self.take(4, from: &rest).reduce(0) { $0 << 8 | UInt32($1) }
        credential = flags.contains(.attestedCredential) ? try Self.credential(from: &rest) : nil
        if flags.contains(.extensions) {
            guard try Self.cbor(from: &rest).pairs != nil else { throw .extensionsMalformed }
        }
        guard rest.isEmpty else { throw .authenticatorDataTrailingBytes }
    }

    private static func credential(from rest: inout ArraySlice<UInt8>) throws(WebAuthnError) -> AttestedCredential {
        let aaguid = Array(try take(16, from: &rest))
        let length = try take(2, from: &rest).reduce(0) { $0 << 8 | Int($1) }
        guard (1...CredentialID.bytesMax).contains(length) else { throw .credentialIDLength }
        let id = CredentialID(bytes: Data(try take(length, from: &rest)))
        let before = rest
        _ = try cbor(from: &rest)
        let publicKey = try CredentialPublicKey(cose: Data(before.prefix(before.count - rest.count)))
        return AttestedCredential(aaguid: aaguid, id: id, publicKey: publicKey)
    }

    private static func cbor(from rest: inout ArraySlice<UInt8>) throws(WebAuthnError) -> CBORValue {
        do {
            var reader = try CBORReader(rest)
            let value = try reader.value()
            rest = reader.remaining
            return value
        } catch { throw .cbor(error) }
    }

    private static func take(_ count: Int, from rest: inout ArraySlice<UInt8>) throws(WebAuthnError) -> ArraySlice<
        UInt8
    > {
        guard rest.count >= count else { throw .authenticatorDataTruncated }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// The steps of 7.1 and 7.2 that look at the hash and the flags, in their order.
    func check(_ site: RelyingParty, _ verification: UserVerification) throws(WebAuthnError) {
        guard relyingPartyHash == site.idHash else { throw .wrongRelyingParty }
        guard flags.contains(.userPresent) else { throw .userNotPresent }
        guard verification != .required || flags.contains(.userVerified) else { throw .userNotVerified }
        guard flags.contains(.backupEligible) || !flags.contains(.backedUp) else { throw .backedUpWithoutBeingEligible }
    }
}
