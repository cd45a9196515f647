import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Keeps others out of a data directory, or of one step in it, for as long as it lives. The kernel lets go of it when
/// the process ends, however it ends.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Parameter waits: for whoever has it; else it throws at once.
    /// - Throws: `FileLockError`.
    package init(path: String, waits: Bool) throws {
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SecretFileError(path: path, code: errno) }
        guard flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw FileLockError(path: path)
        }
    }

    deinit { close(descriptor) }
}

/// Somebody else has the lock.
package struct FileLockError: Error {
    package let path: String
}
