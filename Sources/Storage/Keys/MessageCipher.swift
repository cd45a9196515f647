import Crypto
package import Foundation
package import Model
import Synchronization

/// Encrypts message texts for storage with AES-256-GCM (NIST SP 800-38D): a fresh random 96-bit nonce for each, the
/// room and `seq` bound as associated data, so that a text cannot be moved to another place unnoticed.
///
/// Any thread may use it at any time.
package final class MessageCipher: Sendable {
    private let ring: Mutex<KeyRing>

    package init(ring: KeyRing) {
        self.ring = Mutex(ring)
    }

    /// The key that new texts are encrypted with.
    package var currentKey: KeyID { ring.withLock { $0.current } }

    /// Takes over a ring that has changed. Keys that this one has and the new one lacks are kept.
    package func replaceRing(_ new: KeyRing) {
        ring.withLock { ring in
            guard new.current >= ring.current else { return }
            ring = new
        }
    }

    package func seal(_ text: String, room: RoomID, seq: Seq) throws -> (key: KeyID, bytes: Data) {
        let (id, key) = ring.withLock { ($0.current, $0.keys[$0.current]) }
        guard let key else { throw MessageCipherError.unknownKey }
        let box = try AES.GCM.seal(Data(text.utf8), using: key, authenticating: Self.place(room, seq))
        // Nonce, ciphertext and tag; there is always a combined form for a 96-bit nonce.
        guard let bytes = box.combined else { throw MessageCipherError.damaged }
        return (id, bytes)
    }

    /// - Throws: when even one bit is not what was sealed for this room and `seq` under this key.
    package func open(_ bytes: Data, key id: KeyID, room: RoomID, seq: Seq) throws -> String {
        guard let key = ring.withLock({ $0.keys[id] }) else { throw MessageCipherError.unknownKey }
        let box = try AES.GCM.SealedBox(combined: bytes)
        let text = try AES.GCM.open(box, using: key, authenticating: Self.place(room, seq))
        guard let text = String(validating: text, as: UTF8.self) else { throw MessageCipherError.damaged }
        return text
    }

    private static func place(_ room: RoomID, _ seq: Seq) -> Data {
        var place = Data("parley message v1".utf8)
        for number in [room.rawValue, seq] {
            withUnsafeBytes(of: number.bigEndian) { place.append(contentsOf: $0) }
        }
        return place
    }
}

package enum MessageCipherError: Error {
    case unknownKey
    case damaged
}
