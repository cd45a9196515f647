package import Crypto
import Foundation
import Storage

/// The one secret that keys are drawn from: the first of each `KeyPurpose`, which sign access tokens, forms and the
/// like; the one that the secrets of authenticator apps are encrypted with; and the one that codes by mail are kept
/// under. With another one no authenticator code works any more.
package struct ServerSecret: Sendable {
    private let root: SymmetricKey

    /// Whether somebody may have made it up: 32 random bytes are some thirty different ones.
    package var isPredictable: Bool { root.withUnsafeBytes { Set($0).count < 16 } }

    /// - Parameter text: 32 or more bytes in Base64.
    package init(parsing text: String) throws {
        let text = text.filter { !$0.isWhitespace }
        guard let bytes = Data(base64Encoded: text), bytes.count >= 32 else { throw ServerSecretError() }
        root = SymmetricKey(data: bytes)
    }

    /// Reads the secret from the data directory, or makes it where there is none yet.
    package static func loadOrCreate(dataDirectory: String) throws -> ServerSecret {
        let file = SecretFile(path: dataDirectory + "/token-key")
        let lock = try FileLock(path: file.path + ".lock", waits: true)
        defer { withExtendedLifetime(lock) {} }
        if let text = try file.read() { return try ServerSecret(parsing: text) }
        let text = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
        try file.write(text + "\n")
        return try ServerSecret(parsing: text)
    }

    /// A key for one purpose (HKDF, RFC 5869). Knowing it tells nothing of the others.
    package func key(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Data("parley \(purpose)".utf8), outputByteCount: 32)
    }
}

package struct ServerSecretError: Error, CustomStringConvertible {
    package var description: String { "The token key is malformed: it is 32 or more bytes in Base64." }
}
