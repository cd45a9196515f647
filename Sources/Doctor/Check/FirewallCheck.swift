import Foundation
import Realtime

extension Examination {
    /// Whether somebody on the way reads along, and takes offence. What people write is in bodies of requests only where
    /// sockets do not open, and in files; but programs use all of the methods.
    mutating func checkFirewall() async {
        guard report != nil else { return }
        var refused: [String] = []
        for method in ["PUT", "PATCH", "DELETE"] {
            if let answer = try? await probe.ask(method, "/api/doctor/"), isRefusal(answer) {
                refused.append("\(method): \(answer.summary)")
            }
        }
        for phrase in Self.phrases {
            guard let body = try? JSONEncoder().encode(["text": phrase]) else { continue }
            let headers = [("Content-Type", "application/json")]
            if let answer = try? await probe.ask("POST", "/api/doctor/", headers, body: Array(body)), isRefusal(answer)
            {
                refused.append("\"\(phrase)\": \(answer.summary)")
            }
        }
        guard !refused.isEmpty else {
            return add(
                .init("firewall", .ok, "Nobody takes offence at what people write", saw: "\(Self.phrases.count) tried"))
        }
        add(
            .init(
                "firewall", .failure, .firewall, "A firewall refuses what people write",
                saw: refused.joined(separator: "; "), why: "Some messages and files fail, and others do not.",
                hop: guess.name, cure: Cure.firewall.text(for: guess)))
    }

    /// What the Core Rule Set has been seen to stumble over; harmless, all of it.
    private static let phrases = [
        "having friends over is nice", "select the best one from the menu where it is cheap",
        "cat /etc/hosts; echo done",
        "<script>alert('in a bug report')</script>",
    ]

    private func isRefusal(_ answer: Answer) -> Bool {
        !answer.isProven && answer.header(DoctorHeader.proof) == nil && (400..<500).contains(answer.status)
    }
}
