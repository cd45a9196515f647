import Foundation
import NIOCore

/// The files by which somebody proves to a certificate authority that this host is theirs (RFC 8555, section 8.3).
/// Whoever obtains certificates puts them into a folder.
struct ACMEChallenges: Sendable {
    /// Its path.
    let directory: String

    private static let path = "/.well-known/acme-challenge/"
    private static let nameMax = 128
    private static let bytesMax = 4096

    /// What a request asks for, letters, digits, `-` and `_` or not; `nil` where it is about something else.
    static func name(in path: Substring) -> Substring? {
        path.hasPrefix(Self.path) ? path.dropFirst(Self.path.count) : nil
    }

    /// - Returns: `nil` where the name is not one that a token may have, or no file of that folder itself has it.
    func file(_ name: Substring) async -> ByteBuffer? {
        guard (1...Self.nameMax).contains(name.utf8.count), name.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil else {
            return nil
        }
        let path = "\(directory)/\(name)"
        return try? await BlockingWork.run { Self.read(path) }
    }

    private static func read(_ path: String) -> ByteBuffer? {
        // Neither led elsewhere by a link, nor kept waiting by a pipe.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // Of what is no file nothing comes.
        guard let bytes = try? handle.read(upToCount: bytesMax), !bytes.isEmpty else { return nil }
        return ByteBuffer(bytes: bytes)
    }
}
