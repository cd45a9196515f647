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
                    "answer", .failure, "Nobody answers", saw: "\(probe.url): \(error.sentence)",
                    why: "People cannot reach the chat at all.",
                    cure: "look at the name's address, the firewall and the proxy's listening port"))
        }
        answers.append(answer)
        if answer.isProven, let report = try? JSONDecoder().decode(DoorReport.self, from: Data(answer.body)) {
            self.report = report
            add(.init("answer", .ok, "The server answers", saw: answer.summary))
            checkClock(answer)
            return
        }
        add(explain(answer))
    }

    private func explain(_ answer: Answer) -> Finding {
        let location = answer.header("location") ?? ""
        let page = String(decoding: answer.body.prefix(4000), as: UTF8.self).lowercased()
        switch answer.status {
        case _ where answer.isProven:
            return .init(
                "answer", .failure, "The server answers, and not what was asked", saw: answer.summary,
                cure: "let the server and this program have the same version")
        case _ where answer.header(DoctorHeader.proof) != nil:
            return .init(
                "cache", .failure, "A cache answers", saw: "the proof of an earlier request",
                why: "People would see each other's pages.", hop: guess.name,
                cure: "turn caching off for this host; the server forbids it with Cache-Control: no-store")
        case 404 where answer.header("x-request-id") != nil:
            return .init(
                "key", .failure, "The key is not accepted", saw: answer.summary,
                cure: "make a new one on the server: parley doctor-key; and look at both clocks")
        case 421:
            return .init(
                "host", .failure, "The server is not at this address", saw: "421 for \(probe.url.host)",
                cure: "public-url=\(probe.url), or allowed-hosts=\(probe.url.host)")
        case 300..<400 where location.hasPrefix(probe.url.origin + "/api/doctor"):
            return .init(
                "loop", .failure, "The address leads to itself", saw: "\(answer.status) to \(location)",
                why: "Browsers give up with \"too many redirects\".", hop: guess.name,
                cure: answer.header("cf-ray") == nil
                    ? "let only the outermost proxy redirect to https" : "Cloudflare: SSL/TLS, Full (strict)")
        case 300..<400, 401:
            return .init(
                "wall", .failure, "Something asks people to sign in before the server does",
                saw: "\(answer.summary) \(location)", why: "Apps and sockets cannot pass a login page.",
                hop: guess.name, cure: "let this host through: the chat has a login of its own")
        case 403 where answer.header("cf-mitigated") != nil || page.contains("challenge"):
            return .init(
                "challenge", .failure, "A check for browsers is in the way", saw: answer.summary,
                why: "Apps cannot pass it.", hop: guess.name, cure: "turn bot protection off for this host")
        case 502, 503, 504:
            return .init(
                "upstream", .failure, "The proxy does not reach the server", saw: answer.summary, hop: guess.name,
                cure:
                    "start the server; let the proxy use the address of the setting listen, such as http://127.0.0.1:8080"
            )
        default:
            return .init(
                "answer", .failure, "Something else answers", saw: answer.summary,
                why: "The name leads to another server, or to another site of the same proxy.", hop: guess.name,
                cure: "look at the name's address, and at the proxy's server name for \(probe.url.host)")
        }
    }

    private mutating func checkClock(_ answer: Answer) {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = answer.header("date").flatMap({ format.date(from: $0) }) else {
            return add(.init("clock", .untested, "The clock", saw: "no Date in the answer"))
        }
        let seconds = Int(date.timeIntervalSinceNow.rounded())
        if abs(seconds) > 60 {
            add(
                .init(
                    "clock", .warning, "The clocks differ", saw: "by \(seconds) s",
                    why: "Tokens and codes expire early.",
                    cure: "turn on NTP on both machines"))
        } else {
            add(.init("clock", .ok, "The clocks agree", saw: "within \(max(1, abs(seconds))) s"))
        }
    }
}
