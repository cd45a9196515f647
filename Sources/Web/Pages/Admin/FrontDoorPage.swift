import Doctor
import Hummingbird
import Model
import Proxy
import Realtime

extension Site {
    /// What reaches the server, what was wrong with it so far, and what the server finds at its own address.
    func showFrontDoor(_ call: PageCall) throws -> Response {
        let visitor = call.context.visitor
        var values: [String: Any] = [
            "publicURL": publicURL.description, "visitor": FrontDoorValues.visitor(visitor),
            "trustedProxies": frontDoor.resolver.trusted.entries.joined(separator: ", "),
            "notices": frontDoor.log.notices.map(FrontDoorValues.notice),
            "lostSockets": frontDoor.lostSockets.total,
        ]
        values["cut"] = frontDoor.lostSockets.peak.map {
            ["age": $0.age, "count": $0.count, "total": $0.total]
        }
        switch addressTest.current {
        case .never: break
        case .running(let step):
            values["running"] = step
        case .done(let findings, let at):
            values["result"] = FrontDoorValues.result(findings, at: at)
        }
        return try adminPage("front-door", "Front door", values, call)
    }

    func testAddress(_ call: PageCall, _ form: Form) -> Response {
        addressTest.start()
        return redirect(to: "/admin/front-door/#test")
    }
}

/// What the page's template is given.
private enum FrontDoorValues {
    static func visitor(_ visitor: Visitor) -> [String: Any] {
        [
            "address": visitor.address?.description ?? "nobody in particular", "peer": visitor.peer.description,
            "scheme": visitor.isSecure ? "https" : "http", "host": visitor.host ?? "none",
            "basis": basis(visitor.basis),
        ]
    }

    private static func basis(_ basis: Visitor.Basis) -> String {
        switch basis {
        case .direct: "You are connected to the server itself, with nothing in between."
        case .forwarded: "A trusted proxy says so."
        case .untrusted: "Whoever connected is no trusted proxy, so that the headers of a proxy were not believed."
        case .unattributable: "A trusted proxy does not say whom it speaks for."
        }
    }

    static func notice(_ notice: DoorNotice) -> [String: Any] {
        [
            "sentence": notice.kind.sentence.prefix(1).uppercased() + notice.kind.sentence.dropFirst() + ".",
            "details": notice.details.map { ["name": $0.name, "value": $0.value] }, "cure": notice.cure,
            "count": notice.count, "isRepeated": notice.count > 1,
            "lastAt": notice.lastAt.iso8601, "shownAt": notice.lastAt.minute,
        ]
    }

    static func result(_ findings: [Finding], at: Timestamp) -> [String: Any] {
        let isWrong = findings.contains { $0.severity >= .warning }
        return [
            "at": at.iso8601, "shownAt": at.minute, "isWrong": isWrong,
            // What is wrong stands first.
            "findings": findings.sorted { $0.severity > $1.severity }.map(finding),
        ]
    }

    private static func finding(_ finding: Finding) -> [String: Any] {
        var values: [String: Any] = [
            "severity": finding.severity.rawValue, "label": label(finding.severity), "title": finding.title,
            "saw": finding.saw,
        ]
        guard finding.severity != .ok else { return values }
        values["why"] = finding.why
        values["hop"] = finding.hop
        values["cure"] = finding.cure
        return values
    }

    private static func label(_ severity: Finding.Severity) -> String {
        switch severity {
        case .ok: "Good"
        case .note: "Note"
        case .warning: "Warning"
        case .failure: "Broken"
        case .untested: "Not tested"
        }
    }
}
