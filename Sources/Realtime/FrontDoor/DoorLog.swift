import Logging
import Model
import Synchronization

/// What the front door has to tell the operator: in the log once an hour for each subject, and all of it, counted, on
/// the admin's page. Of each kind only so many subjects are remembered, and said in an hour: anybody may connect, and say
/// what they like. What happens again and again is not pushed out by what happened once.
package final class DoorLog: Sendable {
    private struct Entry {
        var notice: DoorNotice
        var loggedAt: Timestamp
    }

    private struct Notices {
        var entries: [String: Entry] = [:]
        /// Lines in the log, since when.
        var lines = 0
        var linesSince = Timestamp(milliseconds: 0)
    }

    private let kinds = Mutex<[DoorNotice.Kind: Notices]>([:])
    private let logger: Logger
    private static let subjectsMax = 64
    private static let linesMax = 64
    private static let logInterval = Seconds(3600)

    init(logger: Logger) {
        self.logger = logger
    }

    /// What was noticed since the server started, the latest first.
    package var notices: [DoorNotice] {
        kinds.withLock { $0.values.flatMap { $0.entries.values.map(\.notice) } }.sorted { $0.lastAt > $1.lastAt }
    }

    /// - Parameters:
    ///   - subject: what makes it another one of its kind.
    ///   - details: names and values, the same names for all of a kind.
    func notice(
        _ kind: DoorNotice.Kind, of subject: String, at now: Timestamp = .now,
        details: () -> KeyValuePairs<String, String>,
        cure: () -> String
    ) {
        let notice: DoorNotice? = kinds.withLock { kinds in
            let before = kinds[kind]?.entries[subject]
            if var known = before, now < known.loggedAt + Self.logInterval {
                known.notice.count += 1
                known.notice.lastAt = now
                kinds[kind]?.entries[subject] = known
                return nil
            }
            var notices = kinds[kind] ?? Notices()
            if before == nil { Self.makeRoom(in: &notices.entries) }
            let notice = DoorNotice(
                kind: kind, details: details().map { .init(name: $0.key, value: $0.value) }, cure: cure(),
                firstAt: before?.notice.firstAt ?? now, lastAt: now, count: (before?.notice.count ?? 0) + 1)
            notices.entries[subject] = Entry(notice: notice, loggedAt: now)
            if now >= notices.linesSince + Self.logInterval { (notices.lines, notices.linesSince) = (0, now) }
            notices.lines += 1
            kinds[kind] = notices
            return notices.lines <= Self.linesMax ? notice : nil
        }
        guard let notice else { return }
        var metadata: Logger.Metadata = ["cure": "\(notice.cure)"]
        for detail in notice.details { metadata[detail.name] = "\(detail.value)" }
        logger.log(level: kind.level, "\(kind.sentence)", metadata: metadata)
    }

    /// Forgets what happened least often, and of that the oldest.
    private static func makeRoom(in entries: inout [String: Entry]) {
        guard entries.count >= subjectsMax else { return }
        let least = entries.min {
            ($0.value.notice.count, $0.value.notice.lastAt) < ($1.value.notice.count, $1.value.notice.lastAt)
        }
        if let least { entries[least.key] = nil }
    }
}
