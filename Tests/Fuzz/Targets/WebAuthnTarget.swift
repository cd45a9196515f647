import Foundation
import WebAuthn

/// What a browser sends of an authenticator is understood or refused, whichever of its parts the bytes are taken for; what
/// is understood is what was there; and nobody signs in with it.
///
/// Input: the bytes of any part.
enum WebAuthnTarget {
    private static let site = RelyingParty(id: "localhost", name: "Parley", origins: ["http://localhost:8080"])
    /// Made each time: the leak check does not see through the pointer that `Data` keeps, and takes a global for lost.
    private static var challenge: Challenge { Challenge(bytes: Data(repeating: 7, count: 32)) }
    /// Of a P-256 key that nobody has: its x is the SHA-256 of "parley 0".
    private static let key =
        "pQECAyYgASFYIJEWjsNJKFYsvcZ9KxrvPGt7N7NaRsjsh8dyzs8ib3SdIlggPJta"
        + "788RMhpuEEvXjBUbZmvj/7jhLzhIjWu5CcmfQQE="

    static func run(_ input: [UInt8]) throws(Violation) {
        try checkCBOR(input)
        try checkAttestation(input)
        if let data = try? AuthenticatorData(input) { try check(data, within: input.count) }
        try checkClientData(Data(input))
        try checkAnswers(Data(input))
    }

    private static func checkCBOR(_ input: [UInt8]) throws(Violation) {
        guard var reader = try? CBORReader(input[...]) else {
            return try require(input.count > CBORReader.bytesMax, "\(input.count) bytes are too many")
        }
        guard let value = try? reader.value() else { return }
        let read = input.prefix(input.count - reader.remaining.count)
        try require(value.encoded == Array(read), "read otherwise than it was written: \(value)")
    }

    private static func checkAttestation(_ input: [UInt8]) throws(Violation) {
        guard let object = try? AttestationObject(input) else { return }
        try require(!object.format.isEmpty || input.count > 40, "an attestation out of nothing")
        try check(object.authenticatorData, within: input.count)
    }

    private static func check(_ data: AuthenticatorData, within count: Int) throws(Violation) {
        try require(data.relyingPartyHash.count == 32, "\(data.relyingPartyHash.count) bytes of hash")
        try require(data.flags.contains(.attestedCredential) == (data.credential != nil), "a credential by itself")
        guard let credential = data.credential else { return }
        try require((1...1023).contains(credential.id.bytes.count), "an id of \(credential.id.bytes.count) bytes")
        try require(credential.aaguid.count == 16 && credential.publicKey.cose.count < count, "more than there was")
        let kept = try? CredentialPublicKey(cose: credential.publicKey.cose)
        try require(kept == credential.publicKey, "a key that is refused when it is read again")
    }

    private static func checkClientData(_ input: Data) throws(Violation) {
        guard let data = try? ClientData(json: input) else { return }
        try require(String(validating: input, as: UTF8.self) != nil, "client data that are not UTF-8")
        try require(input.count >= data.type.utf8.count + data.origin.utf8.count, "client data out of nothing")
    }

    private static func checkAnswers(_ input: Data) throws(Violation) {
        if let answer = try? RegistrationResponse(json: input) {
            let credential = try? site.verify(answer, challenge: challenge, userVerification: .discouraged)
            try require(credential.map { $0.id == answer.id } ?? true, "another credential than the answer's")
        }
        guard let answer = try? AssertionResponse(json: input) else { return }
        guard let cose = Data(base64Encoded: key), let key = try? CredentialPublicKey(cose: cose) else {
            throw Violation("a key that is not read")
        }
        let known = KnownCredential(
            id: answer.id, user: UserHandle(bytes: Data([1])), publicKey: key, signCount: 0, isBackupEligible: false)
        let verified = try? site.verify(
            answer, by: known, .beforehand, challenge: challenge, userVerification: .discouraged)
        try require(verified == nil, "somebody signed in: \(answer)")
    }
}
