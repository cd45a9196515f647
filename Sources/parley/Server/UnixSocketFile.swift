import Foundation
import NIOCore

/// The file that stands for a Unix socket.
enum UnixSocketFile {
    /// For the server's user and group: whoever is to connect, a proxy's user say, has to be in that group.
    static let mode: mode_t = 0o660

    /// Takes away the file of a server that was killed. One that somebody listens on stays, and so does any other file.
    static func removeStale(_ path: String) throws(IOError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        guard !answers(path) else { throw IOError(errnoCode: EADDRINUSE, reason: "somebody listens there") }
        guard unlink(path) == 0 else { throw IOError(errnoCode: errno, reason: "unlink") }
    }

    /// Lets the group in; the program's own umask keeps everybody else out of all that it makes.
    static func open(_ path: String) {
        chmod(path, mode)
    }

    private static func answers(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
