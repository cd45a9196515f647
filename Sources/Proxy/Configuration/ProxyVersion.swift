/// A proxy's version, such as 1.25.1.
struct ProxyVersion: Comparable, Sendable {
    private let numbers: [Int]

    init(_ numbers: Int...) {
        self.numbers = numbers
    }

    /// Reads `1.25.1`, also with a `v` in front.
    /// - Returns: `nil` for anything else.
    init?(_ text: String) {
        let digits = text.hasPrefix("v") ? text.dropFirst() : text[...]
        guard digits.wholeMatch(of: /[0-9]{1,5}(\.[0-9]{1,5}){0,3}/) != nil else { return nil }
        numbers = digits.split(separator: ".").compactMap { Int($0) }
    }

    static func < (one: ProxyVersion, other: ProxyVersion) -> Bool {
        let count = max(one.numbers.count, other.numbers.count)
        return one.padded(count).lexicographicallyPrecedes(other.padded(count))
    }

    static func == (one: ProxyVersion, other: ProxyVersion) -> Bool {
        let count = max(one.numbers.count, other.numbers.count)
        return one.padded(count) == other.padded(count)
    }

    private func padded(_ count: Int) -> [Int] {
        numbers + Array(repeating: 0, count: count - numbers.count)
    }
}
