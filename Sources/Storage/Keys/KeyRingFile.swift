import Foundation

/// The key ring in the data directory, mode 0600.
package struct KeyRingFile: Sendable {
    package let file: SecretFile

    package init(dataDirectory: String) {
        file = SecretFile(path: dataDirectory + "/message-keys")
    }

    /// The ring as it is in the file now; `nil` when there is none.
    package func load() throws -> KeyRing? {
        try file.read().map(KeyRing.init(parsing:))
    }

    /// Reads the ring, or makes one where there is none yet.
    /// - Parameter hasMessages: there are messages already; then a missing file is a loss and not a beginning.
    package func loadOrCreate(hasMessages: Bool) throws -> KeyRing {
        let lock = try FileLock(path: file.path + ".lock", waits: true)
        defer { withExtendedLifetime(lock) {} }
        if let ring = try load() { return ring }
        guard !hasMessages else { throw KeyRingError.missing(file.path) }
        let ring = KeyRing()
        try file.write(ring.serialized)
        return ring
    }

    /// Adds a key. A running server takes it up within seconds.
    package func rotate() throws -> KeyRing {
        let lock = try FileLock(path: file.path + ".lock", waits: true)
        defer { withExtendedLifetime(lock) {} }
        guard var ring = try load() else { throw KeyRingError.missing(file.path) }
        ring.rotate()
        try file.write(ring.serialized)
        return ring
    }
}
