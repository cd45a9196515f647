import Doctor

/// Findings for people, on a terminal or in a file.
struct FindingsListing {
    let isColored: Bool

    /// - Parameter again: the command to look once more.
    func show(_ findings: [Finding], again: String) {
        for finding in findings {
            let number = finding.fault.map { " [\($0.rawValue)]" } ?? ""
            print("\(mark(finding.severity)) \(finding.title)\(number): \(Self.shown(finding.saw))")
            if finding.severity == .ok { continue }
            if let why = finding.why { print("      why   \(Self.shown(why))") }
            if let hop = finding.hop { print("      where \(Self.shown(hop))") }
            if let cure = finding.cure { print("      do    \(Self.shown(cure))") }
        }
        let count = { (severity: Finding.Severity) in findings.count { $0.severity == severity } }
        print("\n\(count(.failure)) failures, \(count(.warning)) warnings, \(count(.untested)) not tested.")
        if count(.failure) + count(.warning) > 0 { print("To look again: \(again)") }
    }

    /// Without what a terminal would obey: some of it was written by whoever answered.
    private static func shown(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isHidden = [.control, .format].contains(scalar.properties.generalCategory)
            shown.append(isHidden ? "\u{FFFD}" : scalar)
        }
        return String(shown)
    }

    private func mark(_ severity: Finding.Severity) -> String {
        let (word, color) =
            switch severity {
            case .ok: ("ok  ", 32)
            case .note: ("note", 36)
            case .untested: ("?   ", 36)
            case .warning: ("warn", 33)
            case .failure: ("FAIL", 31)
            }
        return isColored ? "\u{1B}[\(color)m\(word)\u{1B}[0m" : word
    }
}
