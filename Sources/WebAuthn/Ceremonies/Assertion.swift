import Crypto
import Foundation

/// A credential as it was kept, for checking a signature by it.
package struct KnownCredential: Hashable, Sendable {
    package let id: CredentialID
    /// Of the account that has the credential.
    package let user: UserHandle
    package let publicKey: CredentialPublicKey
    package let signCount: UInt32
    package let isBackupEligible: Bool

    package init(
        id: CredentialID, user: UserHandle, publicKey: CredentialPublicKey, signCount: UInt32, isBackupEligible: Bool
    ) {
        self.id = id
        self.user = user
        self.publicKey = publicKey
        self.signCount = signCount
        self.isBackupEligible = isBackupEligible
    }
}

/// How the caller came by the credential.
package enum Identification: Sendable {
    /// It was known who signs in, and the credential is one of theirs (`RequestOptions` had them in `allowed`).
    case beforehand
    /// The credential's id was all there was to go by: a passkey.
    case byCredential
}

/// A signature that is right: what is to be kept, and what is odd about it.
package struct VerifiedAssertion: Hashable, Sendable {
    package enum Finding: Hashable, Sendable {
        /// The count did not rise: perhaps there is a copy of the authenticator (section 6.1.1). The person should be
        /// told and it belongs in the audit log. What is kept stays the higher one, so that each use of the copy shows.
        case signCountDidNotRise(kept: UInt32, shown: UInt32)
    }

    /// To be kept, with `isBackedUp`, before the person is let in.
    package let signCount: UInt32
    package let isBackedUp: Bool
    /// Whether the authenticator checked who used it: then it is two factors by itself.
    package let isUserVerified: Bool
    package let findings: [Finding]
}

extension RelyingParty {
    /// WebAuthn, section 7.2, "Verifying an Authentication Assertion". Numbers of steps are those of Level 2; where Level 3
    /// adds a step it says "Level 3".
    ///
    /// Steps 1 and 2 are `RequestOptions` and the page; 3 and 4 `AssertionResponse`. Step 14 (token binding) is gone in
    /// Level 3. Left to the caller: step 7, to find the credential by `response.id`, among the person's own where the
    /// person is known (with it goes step 5), and to keep what comes out.
    /// - Parameter challenge: the one that `RequestOptions` had, which is used up now whatever comes of it.
    /// - Throws: the first thing that is not as it has to be.
    package func verify(
        _ response: AssertionResponse, by credential: KnownCredential, _ identification: Identification,
        challenge: Challenge, userVerification: UserVerification
    ) throws(WebAuthnError) -> VerifiedAssertion {
        // Steps 5 and 7.
        guard response.id == credential.id else { throw .credentialIDMismatch }
        // Step 6.
        guard response.userHandle != nil || identification == .beforehand else { throw .userHandleMissing }
        guard response.userHandle ?? credential.user == credential.user else { throw .userHandleMismatch }
        // Steps 8 to 13; Level 3: crossOrigin, topOrigin.
        try ClientData(json: response.clientDataJSON).check(.get, challenge, self)
        // Steps 15 to 17; Level 3: no backup state without backup eligibility. Step 18: extensions are ignored.
        let data = try AuthenticatorData(Array(response.authenticatorData))
        try data.check(self, userVerification)
        // Level 3: whether it can be backed up is as it was.
        guard data.flags.contains(.backupEligible) == credential.isBackupEligible else {
            throw .backupEligibilityChanged
        }
        // Steps 19 and 20.
        let hash = SHA256.hash(data: response.clientDataJSON)
        guard credential.publicKey.isValid(response.signature, for: response.authenticatorData + Data(hash)) else {
            throw .signatureInvalid
        }
        // Step 21.
        let counts = data.signCount != 0 || credential.signCount != 0
        let rose = data.signCount > credential.signCount
        return VerifiedAssertion(
            signCount: max(data.signCount, credential.signCount), isBackedUp: data.flags.contains(.backedUp),
            isUserVerified: data.flags.contains(.userVerified),
            findings: counts && !rose
                ? [.signCountDidNotRise(kept: credential.signCount, shown: data.signCount)] : [])
    }
}
