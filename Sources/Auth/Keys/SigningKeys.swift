package import Crypto
import Model

/// The keys of one purpose: the newest signs, and older ones are believed for as long as what they signed may last.
package struct SigningKeys: Sendable {
    package let current: SymmetricKey
    /// The newest first.
    let older: [(key: SymmetricKey, until: Timestamp)]

    package init(_ current: SymmetricKey) {
        self.init(current, older: [])
    }

    init(_ current: SymmetricKey, older: [(key: SymmetricKey, until: Timestamp)]) {
        self.current = current
        self.older = older
    }

    /// Those that are believed at a moment.
    func believed(at now: Timestamp) -> [SymmetricKey] {
        [current] + older.filter { $0.until > now }.map(\.key)
    }
}
