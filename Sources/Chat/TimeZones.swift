import Foundation

/// The time zones that the system knows (IANA).
package enum TimeZones {
    /// As `Area/City`, and `UTC`, in alphabetical order.
    package static let names: [String] = (TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") } + ["UTC"])
        .sorted()

    package static func isKnown(_ name: String) -> Bool { known.contains(name) && TimeZone(identifier: name) != nil }

    private static let known = Set(names)
}
