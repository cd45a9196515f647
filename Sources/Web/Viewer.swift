import Foundation
import Model

/// How whoever looks at a page wants to see it: set for the length of a request.
struct Viewer: Sendable {
    @TaskLocal static var current = Viewer()

    var language = Language.english
    /// `nil` where they did not say: pages then show UTC, and scripts the browser's own.
    var timeZone: TimeZone?

    init() {}

    init(_ profile: Profile) {
        language = profile.language
        timeZone = profile.timeZone.flatMap { TimeZone(identifier: $0) }
    }
}

extension Timestamp {
    /// The same with the clock of the viewer's zone read as if it were UTC, for `iso8601` to write.
    private func shifted(to zone: TimeZone?) -> Timestamp {
        guard let zone else { return self }
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        return self + Seconds(Int64(zone.secondsFromGMT(for: date)))
    }

    /// `03:04`, where the viewer is.
    func hourAndMinute(in zone: TimeZone? = Viewer.current.timeZone) -> String {
        String(shifted(to: zone).iso8601.dropFirst(11).prefix(5))
    }

    /// `2026-01-02`, where the viewer is.
    func day(in zone: TimeZone? = Viewer.current.timeZone) -> String { String(shifted(to: zone).iso8601.prefix(10)) }

    /// For people who have no scripts: `2026-01-02 03:04`, where the viewer is, or with `UTC` where that is not known.
    var minute: String {
        let zone = Viewer.current.timeZone
        return "\(day(in: zone)) \(hourAndMinute(in: zone))\(zone == nil ? " UTC" : "")"
    }
}
