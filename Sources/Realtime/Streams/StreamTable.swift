import Model
import NIOCore

/// Event streams by what they are called by. It is bounded for each person: so many are open, and so many are over and
/// can still be read to their end.
struct StreamTable: Sendable {
    struct Entry: Sendable {
        let user: UserID
        let session: SessionID
        let eventLoop: any EventLoop
        let stream: NIOLoopBound<EventStream>
    }

    /// What one person's are called by.
    private struct Names {
        /// The oldest first.
        var open: [String] = []
        /// Those that ended first come first.
        var over: [String] = []
    }

    /// Those of one person that are over. When one more ends, the one that ended first is forgotten.
    static let overMax = 20
    private let openMax: Int
    private var entries: [String: Entry] = [:]
    private var people: [UserID: Names] = [:]

    /// - Parameter openMax: those of one person that are open.
    init(openMax: Int) { self.openMax = openMax }

    var all: [Entry] { Array(entries.values) }

    subscript(name: String) -> Entry? { entries[name] }

    func count(of user: UserID) -> Int {
        people[user].map { $0.open.count + $0.over.count } ?? 0
    }

    /// - Returns: the person's oldest one where they have one too many. It counts as over, and has to be closed.
    mutating func open(_ name: String, _ entry: Entry) -> Entry? {
        entries[name] = entry
        var names = people[entry.user] ?? Names()
        names.open.append(name)
        people[entry.user] = names
        guard names.open.count > openMax, let oldest = names.open.first else { return nil }
        let surplus = entries[oldest]
        end(oldest)
        return surplus
    }

    mutating func end(_ name: String) {
        guard let user = entries[name]?.user, var names = people[user],
            let place = names.open.firstIndex(of: name)
        else { return }
        names.open.remove(at: place)
        names.over.append(name)
        if names.over.count > Self.overMax {
            let first = names.over.removeFirst()
            entries[first] = nil
        }
        people[user] = names
    }

    mutating func forget(_ name: String) {
        guard let user = entries.removeValue(forKey: name)?.user, var names = people[user] else { return }
        names.open.removeAll { $0 == name }
        names.over.removeAll { $0 == name }
        people[user] = names.open.isEmpty && names.over.isEmpty ? nil : names
    }
}
