import Hummingbird
import Model

/// How the server runs: its settings, and its health.
extension Site {
    func addOperationPages(to router: Router<WebContext>) {
        adminPage(router, "/admin/sessions", .administer, showSessions)
        adminForm(router, "/admin/sessions/{id}/end", .administer, endSession)
        adminPage(router, "/admin/settings", .administer, showSettings)
        adminPage(router, "/admin/health", .administer, showHealth)
    }

    private func showSettings(_ call: PageCall) throws -> Response {
        let lines = operatorView.settings.map { line in
            [
                "variable": line.variable, "value": line.value, "source": line.source, "isDefault": line.isDefault,
                "summary": line.summary,
            ] as [String: Any]
        }
        let changed = lines.filter { $0["isDefault"] as? Bool == false }
        let others = lines.filter { $0["isDefault"] as? Bool == true }
        return try adminPage(
            "settings", "Settings", ["changed": changed, "others": others, "changedCount": changed.count], call)
    }

    private func showHealth(_ call: PageCall) async throws -> Response {
        let (report, facts) = (await health.report(), await operatorView.facts())
        var values: [String: Any] = [
            "isHealthy": report.isHealthy, "status": report.status, "database": report.database,
            "version": report.version, "uptime": Self.words(seconds: report.uptime),
            "connections": facts.connections, "sockets": facts.sockets,
            "databaseSize": facts.databaseBytes.map(Self.words(bytes:)) ?? "not known",
            "free": facts.freeBytes.map(Self.words(bytes:)) ?? "not known",
        ]
        if let mail = facts.mail {
            var shown: [String: Any] = [
                "waiting": mail.waiting, "givenUp": mail.givenUp,
                "isCut": mail.waiting + mail.givenUp >= OperatorView.Mail.countMax,
            ]
            shown["oldest"] = mail.oldest.map { ["at": $0.iso8601, "shownAt": $0.minute] }
            shown["lastError"] = mail.lastError
            values["mail"] = shown
        }
        return try adminPage("health", "Health", values, call)
    }

    /// `3 days 4 hours`, `12 minutes`.
    static func words(seconds: Int64) -> String {
        let units: [(Int64, String)] = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")]
        var rest = seconds
        var parts: [String] = []
        for (length, name) in units where rest >= length && parts.count < 2 {
            let count = rest / length
            rest -= count * length
            parts.append("\(count) \(name)\(count == 1 ? "" : "s")")
        }
        return parts.isEmpty ? "less than a second" : parts.joined(separator: " ")
    }

    /// `12 KiB`, `3.4 GiB`.
    static func words(bytes: Int64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var (number, unit) = (Double(bytes), 0)
        while number >= 1024, unit < units.count - 1 { (number, unit) = (number / 1024, unit + 1) }
        let tenths = (number * 10).rounded() / 10
        return "\(tenths == tenths.rounded() ? "\(Int64(tenths))" : "\(tenths)") \(units[unit])"
    }
}
