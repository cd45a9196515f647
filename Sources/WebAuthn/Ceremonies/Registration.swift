package import Foundation

/// A credential that was just made: what is to be kept of it (WebAuthn Level 3, section 4, "credential record").
package struct NewCredential: Hashable, Sendable {
    package let id: CredentialID
    package let publicKey: CredentialPublicKey
    package let signCount: UInt32
    /// How the authenticator can be reached: `internal`, `usb`, `hybrid`, … For `CredentialDescriptor`.
    package let transports: [String]
    /// Whether it may live on several devices. This never changes.
    package let isBackupEligible: Bool
    package let isBackedUp: Bool
    /// Whether the authenticator checked who used it.
    package let isUserVerified: Bool
    /// Whether the authenticator kept it, so that it is good for signing in without a username. Nil: it does not say.
    package let isDiscoverable: Bool?
    /// 16 bytes for the authenticator's model, zeros where it does not say. Nobody vouches for it: it may give the
    /// credential a name in a list, and no more.
    package let aaguid: Data
}

extension RelyingParty {
    /// WebAuthn, section 7.1, "Registering a New Credential". Numbers of steps are those of Level 2; where Level 3 adds
    /// a step it says "Level 3".
    ///
    /// Steps 1 and 2 are `CreationOptions` and the page; 3 and 4 `RegistrationResponse`. Step 10 (token binding) is gone in
    /// Level 3. Left to the caller: step 22, that no account has the credential's id (a unique index), and 23, to keep it.
    /// - Parameter challenge: the one that `CreationOptions` had, which is used up now whatever comes of it.
    /// - Throws: the first thing that is not as it has to be.
    package func verify(
        _ response: RegistrationResponse, challenge: Challenge, userVerification: UserVerification
    ) throws(WebAuthnError) -> NewCredential {
        // Steps 5 to 9; Level 3: crossOrigin, topOrigin.
        try ClientData(json: response.clientDataJSON).check(.create, challenge, self)
        // Steps 11 (the hash of the client data) and 18 to 21 are for the attestation statement, which is ignored; the
        // hash is bound to nothing then, and the challenge is what makes the answer one to our question.
        let data = try AttestationObject(Array(response.attestationObject)).authenticatorData // Step 12.
        // Steps 13 to 15; Level 3: no backup state without backup eligibility.
        try data.check(self, userVerification)
        // Step 16: a key of another algorithm has been refused by then. Step 17: extensions change nothing for us; those
        // that were not asked for are ignored.
        guard let credential = data.credential else { throw .credentialMissing }
        // Level 3: an id is 1,023 bytes long at most, which `AuthenticatorData` has seen to.
        guard credential.id == response.id else { throw .credentialIDMismatch }
        return NewCredential(
            id: credential.id, publicKey: credential.publicKey, signCount: data.signCount,
            transports: response.transports, isBackupEligible: data.flags.contains(.backupEligible),
            isBackedUp: data.flags.contains(.backedUp), isUserVerified: data.flags.contains(.userVerified),
            isDiscoverable: response.isDiscoverable, aaguid: Data(credential.aaguid))
    }
}
