/// Why an answer of the browser is refused. Each sentence is for the log; a person is told to try again, or to take
/// another way to sign in.
package enum WebAuthnError: Error, Hashable, Sendable {
    // What arrived
    case responseTooLong
    case responseMalformed
    case notAPublicKeyCredential
    case idMismatch

    // Client data
    case clientDataMalformed
    case wrongCeremony
    case wrongChallenge
    case originNotAllowed
    case crossOrigin

    // Authenticator data and attestation object
    case cbor(CBORError)
    case attestationObjectMalformed
    case attestationStatementMalformed
    case authenticatorDataTruncated
    case authenticatorDataTrailingBytes
    case extensionsMalformed
    case wrongRelyingParty
    case userNotPresent
    case userNotVerified
    case backedUpWithoutBeingEligible
    case backupEligibilityChanged

    // Credential and key
    case credentialMissing
    case credentialIDLength
    case credentialIDMismatch
    case publicKeyMalformed
    case algorithmNotOffered
    case userHandleMissing
    case userHandleMismatch
    case signatureInvalid
}

extension WebAuthnError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .responseTooLong: "The answer is longer than \(CredentialJSON.bytesMax) bytes."
        case .responseMalformed:
            "The answer is not the JSON of a credential, or a field is missing or not Base64 for URLs."
        case .notAPublicKeyCredential: "The answer's type is not public-key."
        case .idMismatch: "The answer's id and rawId differ."
        case .clientDataMalformed: "The client data is not a JSON object in UTF-8 with type, challenge and origin."
        case .wrongCeremony: "The client data is of the other ceremony."
        case .wrongChallenge: "The answer is to another challenge."
        case .originNotAllowed: "The answer comes from a page of another origin."
        case .crossOrigin: "The answer comes from a frame within another site."
        case .cbor(let error): "What the authenticator sent is not CBOR as CTAP2 has it: \(error)."
        case .attestationObjectMalformed: "The attestation object lacks fmt, attStmt or authData."
        case .attestationStatementMalformed: "The attestation none has a statement."
        case .authenticatorDataTruncated: "The authenticator data ends too early."
        case .authenticatorDataTrailingBytes: "Something follows the authenticator data."
        case .extensionsMalformed: "The authenticator's extensions are not a map."
        case .wrongRelyingParty: "The credential is for another site."
        case .userNotPresent: "Nobody touched the authenticator."
        case .userNotVerified: "The authenticator did not check who uses it."
        case .backedUpWithoutBeingEligible: "The credential is backed up though it cannot be."
        case .backupEligibilityChanged: "The credential can be backed up and could not, or the other way round."
        case .credentialMissing: "The answer has no new credential."
        case .credentialIDLength: "The credential's id is empty or longer than \(CredentialID.bytesMax) bytes."
        case .credentialIDMismatch: "The answer is of another credential."
        case .publicKeyMalformed: "The public key is none."
        case .algorithmNotOffered: "The public key is for an algorithm that was not offered."
        case .userHandleMissing: "The answer does not say whose credential it is."
        case .userHandleMismatch: "The credential is somebody else's."
        case .signatureInvalid: "The signature is not by the credential's key over these bytes."
        }
    }
}
