import Crypto
import Foundation
package import Model
import Storage

/// The server's own keys by purpose: the first of each is drawn from the server's secret, and those that took its place are in
/// the file `server-keys`, mode 0600: a line `PURPOSE MILLISECONDS KEY` each, with when it was made and 32 bytes in Base64.
package struct ServerKeys: Sendable {
    package struct Generation: Sendable {
        let purpose: KeyPurpose
        package let createdAt: Timestamp
        let key: SymmetricKey
    }

    private let secret: ServerSecret
    private var generations: [Generation]

    /// - Parameter text: of the file; empty where there is none.
    /// - Throws: `ServerKeysError`.
    init(secret: ServerSecret, text: String) throws {
        self.secret = secret
        generations = try text.split(separator: "\n").map { line in
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 3, let purpose = KeyPurpose(rawValue: parts[0]), let at = Int64(parts[1]),
                let bytes = Data(base64Encoded: parts[2]), bytes.count == 32
            else { throw ServerKeysError() }
            return Generation(purpose: purpose, createdAt: Timestamp(milliseconds: at), key: SymmetricKey(data: bytes))
        }
    }

    /// Reads the file of a data directory.
    package static func load(secret: ServerSecret, dataDirectory: String) throws -> ServerKeys {
        try ServerKeys(secret: secret, text: file(dataDirectory).read() ?? "")
    }

    /// Adds a key for a purpose. A server takes it up when it is started again.
    package static func rotate(
        _ purpose: KeyPurpose, secret: ServerSecret, dataDirectory: String, now: Timestamp = .now
    ) throws {
        let file = file(dataDirectory)
        let lock = try FileLock(path: file.path + ".lock", waits: true)
        defer { withExtendedLifetime(lock) {} }
        var keys = try load(secret: secret, dataDirectory: dataDirectory)
        keys.generations.append(Generation(purpose: purpose, createdAt: now, key: SymmetricKey(size: .bits256)))
        try file.write(keys.text)
    }

    private static func file(_ dataDirectory: String) -> SecretFile { SecretFile(path: dataDirectory + "/server-keys") }

    /// Those that were made for a purpose after its first, the oldest first.
    package func rotations(of purpose: KeyPurpose) -> [Generation] {
        generations.filter { $0.purpose == purpose }.sorted { $0.createdAt < $1.createdAt }
    }

    /// - Parameter lifetime: of what is made with a key of this purpose.
    package func keys(for purpose: KeyPurpose, lifetime: Seconds) -> SigningKeys {
        let later = rotations(of: purpose)
        let all = [secret.key(for: purpose.label)] + later.map(\.key)
        // Each is believed until its successor has been there for a lifetime.
        let older = zip(all, later.map { $0.createdAt + lifetime }).map { (key: $0, until: $1) }
        return SigningKeys(all[all.count - 1], older: older.reversed())
    }

    var text: String {
        generations.map { generation in
            let key = generation.key.withUnsafeBytes { Data($0).base64EncodedString() }
            return "\(generation.purpose.rawValue) \(generation.createdAt.milliseconds) \(key)\n"
        }.joined()
    }
}

package struct ServerKeysError: Error, CustomStringConvertible {
    package var description: String {
        "The file server-keys is malformed: it has lines of a purpose, a time in milliseconds and 32 bytes in Base64."
    }
}
