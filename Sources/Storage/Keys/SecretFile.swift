import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file with a secret: readable by its owner alone, and either wholly there or not at all.
package struct SecretFile: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// - Returns: `nil` when there is no such file.
    package func read() throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    /// Writes a new file beside the old one, syncs it and puts it in its place.
    package func write(_ text: String) throws {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        guard descriptor >= 0 else { throw SecretFileError(path: path, code: errno) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
        try handle.close()
        guard rename(temporary, path) == 0 else { throw SecretFileError(path: path, code: errno) }
        try syncDirectory()
    }

    /// Without this, a power cut could leave messages under a key whose file is not there.
    private func syncDirectory() throws {
        let directory = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY)
        guard directory >= 0 else { throw SecretFileError(path: path, code: errno) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw SecretFileError(path: path, code: errno) }
    }
}

package struct SecretFileError: Error, CustomStringConvertible {
    let path: String
    let code: Int32

    package var description: String { "Cannot write \(path): \(String(cString: strerror(code)))." }
}
