import Logging
import Model
import Synchronization

/// What the front door has to tell the operator: in the log once an hour for each subject, and all of it, counted, on
/// the admin's page. Of each kind it remembers not more than so many subjects: anybody may connect, and say what they
/// like; what one of them says must not silence the rest.
package final class DoorLog: Sendable {
    private struct Place: Hashable {
        let kind: DoorNotice.Kind
        let subject: String
    }

    private struct Entry {
        var notice: DoorNotice
        var loggedAt: Timestamp
    }

    private let entries = Mutex<[Place: Entry]>([:])
    private let logger: Logger
    private static let subjectsMax = 64
    private static let logInterval = Seconds(3600)

    init(logger: Logger) {
        self.logger = logger
    }

    /// What was noticed since the server started, the latest first.
    package var notices: [DoorNotice] {
        entries.withLock { $0.values.map(\.notice) }.sorted { $0.lastAt > $1.lastAt }
    }

    /// - Parameters:
    ///   - subject: what makes it another one of its kind.
    ///   - details: names and values, the same names for all of a kind.
    func notice(
        _ kind: DoorNotice.Kind, of subject: String, at now: Timestamp = .now,
        details: () -> KeyValuePairs<String, String>,
        cure: () -> String
    ) {
        let place = Place(kind: kind, subject: subject)
        let notice: DoorNotice? = entries.withLock { entries in
            let before = entries[place]
            if var known = before, now < known.loggedAt + Self.logInterval {
                known.notice.count += 1
                known.notice.lastAt = now
                entries[place] = known
                return nil
            }
            guard before != nil || Self.hasRoom(for: kind, in: &entries, at: now) else { return nil }
            let notice = DoorNotice(
                kind: kind, details: details().map { .init(name: $0.key, value: $0.value) }, cure: cure(),
                firstAt: before?.notice.firstAt ?? now, lastAt: now, count: (before?.notice.count ?? 0) + 1)
            entries[place] = Entry(notice: notice, loggedAt: now)
            return notice
        }
        guard let notice else { return }
        var metadata: Logger.Metadata = ["cure": "\(notice.cure)"]
        for detail in notice.details { metadata[detail.name] = "\(detail.value)" }
        logger.log(level: kind.isOurs ? .warning : .notice, "\(kind.sentence)", metadata: metadata)
    }

    /// Makes room by forgetting one that was not heard of for an hour.
    private static func hasRoom(for kind: DoorNotice.Kind, in entries: inout [Place: Entry], at now: Timestamp) -> Bool
    {
        let same = entries.filter { $0.key.kind == kind }
        guard same.count >= subjectsMax else { return true }
        guard let oldest = same.min(by: { $0.value.notice.lastAt < $1.value.notice.lastAt }),
            oldest.value.notice.lastAt + logInterval < now
        else { return false }
        entries[oldest.key] = nil
        return true
    }
}
