import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Remembers, outside of the database, how far the database had come: its epoch and the number of its messages. A
/// database that is found behind its witness has gone back in time, and what people saw since is no longer in it.
///
/// The file is written after each commit, before anybody is told, and not synced: it has to survive the end of the
/// process. After a power cut it may be behind the database, which is no reason for alarm.
final class StreamWitness: Sendable {
    private let descriptor: Int32
    /// Where in the file the number begins, in bytes.
    private let offset: Int
    private let count: Mutex<Int64>

    /// What a witness says.
    struct Testimony: Equatable {
        let epoch: String
        let count: Int64
    }

    /// - Returns: `nil` where there is none, or none that can be understood.
    static func testimony(_ path: String) -> Testimony? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let count = Int64(words[1]) else { return nil }
        return Testimony(epoch: String(words[0]), count: count)
    }

    /// Begins a new file.
    init(path: String, _ testimony: Testimony) throws {
        let descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SecretFileError(path: path, code: errno) }
        self.descriptor = descriptor
        offset = testimony.epoch.utf8.count + 1
        count = Mutex(testimony.count)
        write("\(testimony.epoch) ", at: 0)
        saw(0)
    }

    deinit { close(descriptor) }

    /// So many messages more were committed.
    func saw(_ messages: Int64) {
        let total = count.withLock { count in
            count += messages
            return count
        }
        // Of a fixed width, so that each number covers the one before.
        let digits = String(total)
        write(String(repeating: "0", count: 19 - digits.count) + digits + "\n", at: offset)
    }

    /// What cannot be written leaves the witness behind, which is no reason for alarm either.
    private func write(_ text: String, at offset: Int) {
        var text = text
        text.withUTF8 { _ = pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
    }
}
