import Foundation

/// The key ring in the data directory, mode 0600.
package struct KeyRingFile: Sendable {
    package let file: SecretFile

    package init(dataDirectory: String) {
        file = SecretFile(path: dataDirectory + "/message-keys")
    }

    /// Reads the ring, or makes one where there is none yet.
    /// - Parameter hasMessages: there are messages already; then a missing file is a loss and not a beginning.
    package func loadOrCreate(hasMessages: Bool) throws -> KeyRing {
        if let text = try file.read() { return try KeyRing(parsing: text) }
        guard !hasMessages else { throw KeyRingError.missing(file.path) }
        let ring = KeyRing()
        try file.write(ring.serialized)
        return ring
    }

    /// Adds a key. A running server takes it up within seconds.
    package func rotate() throws -> KeyRing {
        guard let text = try file.read() else { throw KeyRingError.missing(file.path) }
        var ring = try KeyRing(parsing: text)
        ring.rotate()
        try file.write(ring.serialized)
        return ring
    }
}
