import Foundation
import Proxy
import Realtime

extension Examination {
    /// Whether it is the server that answers at the public URL, and not a proxy's error page, a login, another site or a
    /// cache.
    mutating func checkAnswerer() async {
        let answer: Answer
        do throws(ProbeFault) {
            answer = try await probe.ask("GET", "/api/doctor/")
        } catch {
            return add(
                .init(
                    "answer", .failure, error == .cut ? .preambleMismatch : nil, "Nobody answers",
                    saw: "\(probe.url): \(error.sentence)", why: "People cannot reach the chat at all.",
                    cure: error == .cut
                        ? Cure.preamble.text(for: guess)
                        : "look at the name's address, the firewall and the proxy's listening port"))
        }
        answers.append(answer)
        if answer.isProven, let report = try? JSONDecoder().decode(DoorReport.self, from: Data(answer.body)) {
            self.report = report
            add(.init("answer", .ok, "The server answers", saw: answer.summary))
            checkClock(report)
            await checkCache()
            return
        }
        // Most proxies do not name themselves, but each has its own way to refuse what is no request.
        if guess.kind == nil, let page = try? await probe.ask("GET", "/", [("No Header", "of HTTP")]), !page.isProven {
            answers.append(page)
        }
        add(Answerer(answer, probe.url, guess).finding("answer"))
    }

    /// Asks a second question: a cache knows the answer to the first alone.
    private mutating func checkCache() async {
        guard let second = try? await probe.ask("GET", "/api/doctor/"), !second.isProven else { return }
        add(Answerer(second, probe.url, guess).finding("answer"))
    }

    private mutating func checkClock(_ report: DoorReport) {
        let seconds = Int((report.now - Date().timeIntervalSince1970).rounded())
        if abs(seconds) > 60 {
            add(
                .init(
                    "clock", .warning, .clockSkew, "The clocks differ",
                    saw: "the server's is \(abs(seconds)) s \(seconds < 0 ? "behind" : "ahead of") this machine's",
                    why: "Tokens and codes expire early.",
                    hop: "the server's machine, or this one",
                    cure: "turn on NTP on both machines: timedatectl set-ntp true"))
        } else {
            add(.init("clock", .ok, "The clocks agree", saw: "within \(max(1, abs(seconds))) s"))
        }
    }
}
