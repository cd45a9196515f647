import Crypto
package import Foundation

/// Which credential (WebAuthn, section 4, "credential ID"). The authenticator chooses it; others may know it.
package struct CredentialID: Base64URLCodable {
    /// WebAuthn Level 3, 7.1, and CTAP2: no authenticator may make longer ones.
    package static let bytesMax = 1023

    package let bytes: Data
    package init(bytes: Data) { self.bytes = bytes }
}

/// Whose credential (WebAuthn, section 4, "user handle"): what the authenticator keeps to tell a person's account by.
/// It says nothing about the person, since anybody who holds the authenticator can read it (section 14.6.1).
package struct UserHandle: Base64URLCodable {
    package let bytes: Data
    package init(bytes: Data) { self.bytes = bytes }

    /// A fresh one, of 64 bytes. A person has one for all of their credentials, made with the first.
    package static func fresh() -> UserHandle { UserHandle(bytes: randomBytes(64)) }
}

/// What an answer has to be signed with, so that it is good for one question (WebAuthn, section 13.4.3).
///
/// The caller keeps it with the session, or before signing in with a cookie's, for a few minutes, and takes it away when
/// an answer comes, whether that is right or wrong.
package struct Challenge: Base64URLCodable {
    package let bytes: Data
    package init(bytes: Data) { self.bytes = bytes }

    /// A fresh one, of 32 bytes; 16 are the least.
    package static func fresh() -> Challenge { Challenge(bytes: randomBytes(32)) }
}

private func randomBytes(_ count: Int) -> Data {
    SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Data($0) }
}
