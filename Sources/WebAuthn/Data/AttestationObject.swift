/// What an authenticator says of a new credential (WebAuthn, section 6.5).
///
/// Its statement, by which a maker could vouch for the model, is read as CBOR and then ignored: nothing at Parley depends
/// on who made an authenticator, we ask for `none`, and self or unknown attestations are accepted like it (7.1, last
/// steps: "attestation types acceptable under Relying Party policy").
package struct AttestationObject: Hashable, Sendable {
    /// Such as `none` or `packed` (section 8.1).
    package let format: String
    package let authenticatorData: AuthenticatorData

    /// - Throws: `cbor`, `attestation…`, and as `AuthenticatorData`.
    package init(_ bytes: [UInt8]) throws(WebAuthnError) {
        let value: CBORValue
        do { value = try CBORReader.value(bytes) } catch { throw .cbor(error) }
        guard let format = value[.text("fmt")]?.text, let statement = value[.text("attStmt")]?.pairs,
            let data = value[.text("authData")]?.bytes
        else { throw .attestationObjectMalformed }
        // Section 8.7: it is empty.
        guard format != "none" || statement.isEmpty else { throw .attestationStatementMalformed }
        self.format = format
        authenticatorData = try AuthenticatorData(data)
    }
}
