import Foundation
package import Proxy
import Realtime

/// Looks at a deployment from outside, one check after another. What one finds out the next ones use.
package struct Examination: Sendable {
    let probe: Probe
    let isQuick: Bool
    /// How long a quiet socket is watched.
    let silence: Duration
    /// Where the server itself may be found, past the edge: `HOST` or `HOST:PORT`.
    let origin: String?
    /// The addresses to look at in place of those that the name leads to.
    let given: [String]
    /// Whether this machine's address was chosen.
    let isFrom: Bool
    private let known: ProxyKind?
    private let progress: @Sendable (String) -> Void
    /// What the server said that it saw of an ordinary request.
    var report: DoorReport?
    var answers: [Answer] = []
    var findings: [Finding] = []

    /// - Parameters:
    ///   - proxy: the proxy in front, for whoever knows it.
    ///   - isQuick: leaves out what takes longer than some seconds.
    ///   - silence: how long a quiet socket is watched.
    ///   - origin: where the server may be found past the edge, as `HOST` or `HOST:PORT`.
    ///   - addresses: looked at in place of those that the name leads to, unless empty.
    ///   - isFrom: whether the probe has an address to look from, which is of one family.
    ///   - progress: told what is done next.
    package init(
        _ probe: Probe, proxy: ProxyKind? = nil, isQuick: Bool, silence: Duration = .seconds(75),
        origin: String? = nil, addresses: [String] = [], isFrom: Bool = false,
        progress: @escaping @Sendable (String) -> Void
    ) {
        self.probe = probe
        self.silence = silence
        self.origin = origin
        given = addresses
        self.isFrom = isFrom
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
            ("IPv4 and IPv6", { await $0.checkFamilies() }),
            ("forged addresses", { await $0.checkForgery() }),
            ("how requests arrive", { await $0.checkRequests() }),
            ("WebSocket", { await $0.checkSocket() }),
            ("pages", { await $0.checkPage() }),
            ("forms", { await $0.checkForm() }),
            ("event streams", { await $0.checkStream() }),
            ("uploads", { await $0.checkUpload() }),
            ("firewalls", { await $0.checkFirewall() }),
            ("redirects", { await $0.checkSlash() }),
            ("http", { await $0.checkRedirect() }),
            ("the way around the edge", { await $0.checkOrigin() }),
            ("idle sockets (\(silence.components.seconds) s)", { await $0.checkIdle() }),
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
            ?? ProxyGuess(
                answer: answers.flatMap(\.headers), arrived: report?.headers ?? [],
                pages: answers.filter { !$0.isProven }.map { String(decoding: $0.body.prefix(400), as: UTF8.self) })
    }

    /// Asks the server what it sees of a request.
    mutating func see(_ headers: [(String, String)] = [], path: String = "/api/doctor/") async -> DoorReport? {
        guard let answer = try? await probe.ask("GET", path, headers), answer.isProven else { return nil }
        answers.append(answer)
        return report(in: answer)
    }

    func report(in answer: Answer) -> DoorReport? {
        try? JSONDecoder().decode(DoorReport.self, from: Data(answer.body))
    }
}
