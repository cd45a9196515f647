#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z. Leap seconds do not count (POSIX time).
package struct Timestamp: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The wall clock's time now.
    package static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// For what is counted in memory: a clock that goes evenly and that nobody sets. It agrees with `now` when it is first
    /// read, and means nothing in another process.
    package static var steady: Timestamp {
        let (seconds, attoseconds) = (ContinuousClock.now - steadyOrigin.steady).components
        return Timestamp(
            milliseconds: steadyOrigin.wall.milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    private static let steadyOrigin = (wall: Timestamp.now, steady: ContinuousClock.now)

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    package static func + (moment: Timestamp, seconds: Seconds) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds + seconds.count * 1000)
    }

    /// `2026-01-02T03:04:05.678Z` (RFC 3339, always UTC, always three decimals). Written by hand because
    /// it is part of every message that goes out.
    package var iso8601: String {
        let days = (milliseconds / 86_400_000) - (milliseconds % 86_400_000 < 0 ? 1 : 0)
        let rest = milliseconds - days * 86_400_000
        let (year, month, day) = Self.civil(fromDays: days)
        let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60)
        let (second, millisecond) = (rest / 1000 % 60, rest % 1000)
        return String(unsafeUninitializedCapacity: 24) { text in
            _ = text.initialize(from: "0000-00-00T00:00:00.000Z".utf8)
            Self.put(year, at: 0..<4, in: text)
            Self.put(month, at: 5..<7, in: text)
            Self.put(day, at: 8..<10, in: text)
            Self.put(hour, at: 11..<13, in: text)
            Self.put(minute, at: 14..<16, in: text)
            Self.put(second, at: 17..<19, in: text)
            Self.put(millisecond, at: 20..<23, in: text)
            return 24
        }
    }

    /// The proleptic Gregorian date `days` after 1970-01-01, by counting in years that start in March,
    /// so that the leap day comes last.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// The last digits of a number, as many as there is place for.
    private static func put(_ number: Int64, at place: Range<Int>, in text: UnsafeMutableBufferPointer<UInt8>) {
        var rest = number
        for index in place.reversed() {
            text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}

/// A length of time in whole seconds, as settings give it.
package struct Seconds: Hashable, Sendable {
    package let count: Int64
    package init(_ count: Int64) { self.count = count }

    package static func days(_ count: Int64) -> Seconds { Seconds(count * 86_400) }

    /// For a sentence: `1 second`, `15 minutes`. Never less than what it stands for.
    package var words: String {
        let (number, unit) =
            switch count {
            case ..<120: (count, "second")
            case ..<7200: ((count + 59) / 60, "minute")
            default: ((count + 3599) / 3600, "hour")
            }
        return "\(number) \(unit)\(number == 1 ? "" : "s")"
    }
}

extension Timestamp: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(iso8601)
    }
}
