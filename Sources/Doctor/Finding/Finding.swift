/// One thing that was looked at, and what came of it.
package struct Finding: Codable, Hashable, Sendable {
    package enum Severity: String, Codable, Hashable, Sendable, Comparable {
        /// As it should be.
        case ok
        /// Worth knowing; nothing is broken.
        case note
        /// Something will break for somebody, some day.
        case warning
        /// Something is broken.
        case failure
        /// Not found out: never to be taken for good.
        case untested

        private var rank: Int {
            switch self {
            case .ok: 0
            case .note: 1
            case .untested: 2
            case .warning: 3
            case .failure: 4
            }
        }

        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    /// What was looked at, such as `socket`; the same from run to run.
    package let check: String
    package let severity: Severity
    /// Which of the known faults it is, where what was seen says so.
    package var fault: Fault?
    package let title: String
    /// What was seen.
    package let saw: String
    /// Why it matters, for people who have not met it before.
    package var why: String?
    /// Which hop did it, as far as can be told.
    package var hop: String?
    /// What to change, and where.
    package var cure: String?

    package init(
        _ check: String, _ severity: Severity, _ fault: Fault?, _ title: String, saw: String, why: String? = nil,
        hop: String? = nil, cure: String? = nil
    ) {
        self.check = check
        self.severity = severity
        self.fault = fault
        self.title = title
        self.saw = saw
        self.why = why
        self.hop = hop
        self.cure = cure
    }

    package init(
        _ check: String, _ severity: Severity, _ title: String, saw: String, why: String? = nil, hop: String? = nil,
        cure: String? = nil
    ) {
        self.init(check, severity, nil, title, saw: saw, why: why, hop: hop, cure: cure)
    }
}
