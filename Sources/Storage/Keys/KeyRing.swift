package import Crypto
import Foundation
package import Model

/// The keys that messages are encrypted with: the newest encrypts, all decrypt.
package struct KeyRing: Sendable {
    package private(set) var keys: [KeyID: SymmetricKey]

    /// The newest key.
    package var current: KeyID { keys.keys.max() ?? KeyID(rawValue: 0) }

    /// Whether somebody may have made one of them up: 32 random bytes are some thirty different ones.
    package var isPredictable: Bool { keys.values.contains { $0.withUnsafeBytes { Set($0).count < 16 } } }

    /// A ring with one fresh key.
    package init() {
        keys = [KeyID(rawValue: 1): SymmetricKey(size: .bits256)]
    }

    /// Reads `id:key` entries, separated by line breaks or commas, each key 32 bytes in Base64. This is the form of
    /// the file and of the setting alike.
    package init(parsing text: String) throws {
        keys = [:]
        let entries = text.split { $0 == "\n" || $0 == "," }.map { $0.filter { !$0.isWhitespace } }
        for entry in entries where !entry.isEmpty && !entry.hasPrefix("#") {
            let parts = entry.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let number = Int64(parts[0]), number > 0,
                let bytes = Data(base64Encoded: String(parts[1])), bytes.count == 32
            else { throw KeyRingError.malformed }
            guard keys.updateValue(SymmetricKey(data: bytes), forKey: KeyID(rawValue: number)) == nil else {
                throw KeyRingError.malformed
            }
        }
        guard !keys.isEmpty else { throw KeyRingError.malformed }
    }

    /// Adds a fresh key, which is the current one from then on.
    package mutating func rotate() {
        keys[KeyID(rawValue: current.rawValue + 1)] = SymmetricKey(size: .bits256)
    }

    /// The form that `init(parsing:)` reads, oldest first.
    package var serialized: String {
        keys.sorted { $0.key < $1.key }
            .map { "\($0.key.rawValue):" + $0.value.withUnsafeBytes { Data($0).base64EncodedString() } + "\n" }
            .joined()
    }
}

package enum KeyRingError: Error, CustomStringConvertible {
    case malformed
    case missing(String)

    package var description: String {
        switch self {
        case .malformed:
            "The message key ring is malformed: it has lines of the form 1:KEY, with 32 bytes in Base64 as the key."
        case .missing(let path):
            """
            \(path) is missing, but the database has messages that were encrypted with it. Put it back from your \
            backup; without it they cannot be read.
            """
        }
    }
}
