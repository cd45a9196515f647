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
    private let nonces = NonceSource()
    private let newerRing: @Sendable () throws -> KeyRing?

    /// - Parameter newerRing: asked where a text is under a key that this ring has not: another process may have added
    ///   one since.
    package init(ring: KeyRing, newerRing: @escaping @Sendable () throws -> KeyRing? = { nil }) {
        self.ring = Mutex(ring)
        self.newerRing = newerRing
    }

    /// The key that new texts are encrypted with.
    package var currentKey: KeyID { ring.withLock { $0.current } }

    /// Takes over a ring that was read anew, unless it is older.
    package func replaceRing(_ new: KeyRing) {
        ring.withLock { ring in
            guard new.current >= ring.current else { return }
            ring = new
        }
    }

    package func seal(_ text: String, room: RoomID, seq: Seq) throws -> (key: KeyID, bytes: Data) {
        try seal(text, at: Self.place(room, seq))
    }

    /// - Throws: when even one bit is not what was sealed for this room and `seq` under this key.
    package func open(_ bytes: Data, key id: KeyID, room: RoomID, seq: Seq) throws -> String {
        try open(bytes, key: id, at: Self.place(room, seq))
    }

    /// - Parameter place: where the text is, for it to be read nowhere else.
    func seal(_ text: String, at place: Data) throws -> (key: KeyID, bytes: Data) {
        let (id, key) = ring.withLock { ($0.current, $0.keys[$0.current]) }
        guard let key else { throw MessageCipherError.unknownKey }
        let box = try AES.GCM.seal(
            Data(text.utf8), using: key, nonce: nonces.next(), authenticating: place)
        // Nonce, ciphertext and tag; there is always a combined form for a 96-bit nonce.
        guard let bytes = box.combined else { throw MessageCipherError.damaged }
        return (id, bytes)
    }

    /// - Throws: when even one bit is not what was sealed for this place under this key.
    func open(_ bytes: Data, key id: KeyID, at place: Data) throws -> String {
        guard let key = try key(id) else { throw MessageCipherError.unknownKey }
        let box = try AES.GCM.SealedBox(combined: bytes)
        let text = try AES.GCM.open(box, using: key, authenticating: place)
        guard let text = String(validating: text, as: UTF8.self) else { throw MessageCipherError.damaged }
        return text
    }

    private func key(_ id: KeyID) throws -> SymmetricKey? {
        if let key = ring.withLock({ $0.keys[id] }) { return key }
        guard let newer = try newerRing() else { return nil }
        replaceRing(newer)
        return newer.keys[id]
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
