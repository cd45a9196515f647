import Foundation
package import Proxy
import Realtime

/// Looks at a deployment from outside, one check after another. What one finds out the next ones use.
package struct Examination: Sendable {
    let probe: Probe
    let isQuick: Bool
    private let known: ProxyKind?
    private let progress: @Sendable (String) -> Void
    /// What the server said that it saw of an ordinary request.
    var report: DoorReport?
    var answers: [Answer] = []
    var findings: [Finding] = []

    /// - Parameters:
    ///   - proxy: the proxy in front, for whoever knows it.
    ///   - isQuick: leaves out what takes longer than some seconds.
    ///   - progress: told what is done next.
    package init(
        _ probe: Probe, proxy: ProxyKind? = nil, isQuick: Bool, progress: @escaping @Sendable (String) -> Void
    ) {
        self.probe = probe
        known = proxy
        self.isQuick = isQuick
        self.progress = progress
    }

    /// - Returns: what was found, in the order in which it was looked at.
    package mutating func run() async -> [Finding] {
        let checks: [(String, @Sendable (inout Examination) async -> Void)] = [
            ("who answers", { await $0.checkAnswerer() }),
            ("the certificate", { await $0.checkCertificate() }),
            ("who you are to the server", { await $0.checkVisitor() }),
            ("forged addresses", { await $0.checkForgery() }),
            ("WebSocket", { await $0.checkSocket() }),
            ("the page's headers", { await $0.checkPage() }),
            ("forms", { await $0.checkForm() }),
            ("uploads", { await $0.checkUpload() }),
            ("http", { await $0.checkRedirect() }),
            ("idle sockets (75 s)", { await $0.checkIdle() }),
        ]
        for (name, check) in checks {
            if isQuick, name.hasPrefix("idle") {
                add(.init("idle", .untested, "How long a quiet socket lives", saw: "left out of a quick look"))
                continue
            }
            progress(name)
            await check(&self)
            // Nothing behind something else's answer can be seen.
            if name == "the certificate", report == nil { break }
        }
        return findings
    }

    mutating func add(_ finding: Finding) {
        findings.append(finding)
    }

    /// The proxy in front, as far as is known by now.
    var guess: ProxyGuess {
        known.map { ProxyGuess(known: $0) }
            ?? ProxyGuess(answer: answers.flatMap(\.headers), arrived: report?.headers ?? [])
    }

    /// Asks the server what it sees of a request.
    mutating func see(_ headers: [(String, String)] = []) async -> DoorReport? {
        guard let answer = try? await probe.ask("GET", "/api/doctor/", headers), answer.isProven else { return nil }
        answers.append(answer)
        return try? JSONDecoder().decode(DoorReport.self, from: Data(answer.body))
    }
}
