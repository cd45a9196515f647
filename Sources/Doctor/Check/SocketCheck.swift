import Foundation
import Proxy
import Realtime

extension Examination {
    /// Whether a WebSocket opens and carries messages.
    mutating func checkSocket() async {
        let opening: SocketOpening
        do throws(ProbeFault) {
            opening = try await probe.openSocket([("Origin", probe.url.origin)])
        } catch {
            return add(
                .init(
                    "socket", .failure, "No WebSocket opens", saw: error.sentence,
                    why: "The chat falls back to slower ways.",
                    hop: guess.name, cure: Cure.upgrade.text(for: guess)))
        }
        let answer = opening.answer
        answers.append(answer)
        switch answer.status {
        case 101 where opening.relays:
            add(.init("socket", .ok, "A WebSocket opens, and messages pass", saw: "101"))
            checkSocketHeaders(opening)
        case 101:
            add(
                .init(
                    "socket", .failure, "A WebSocket opens, and no message passes", saw: "101, then silence",
                    why: "People see \"Connecting\".", hop: guess.name,
                    cure: "turn off buffering and inspection of this host's traffic"))
        case 300..<400:
            add(
                .init(
                    "socket", .failure, "The socket's address is redirected",
                    saw: "\(answer.status) to \(answer.header("location") ?? "nowhere")",
                    why: "Browsers do not follow redirects of sockets.", hop: guess.name,
                    cure: "serve /ws without a redirect, at \(probe.url.origin)"))
        case _ where answer.isProven:
            add(
                .init(
                    "socket", .failure, "The upgrade does not arrive", saw: "\(answer.status) from this server",
                    why: "The chat falls back to slower ways.", hop: guess.name, cure: Cure.upgrade.text(for: guess)))
        default:
            add(
                .init(
                    "socket", .failure, "Something else answers for sockets", saw: answer.summary,
                    why: "The chat falls back to slower ways.", hop: guess.name,
                    cure: "let /ws go where the pages go: \(Cure.upgrade.text(for: guess))"))
        }
    }

    /// Proxies may treat sockets as another place, with other headers.
    private mutating func checkSocketHeaders(_ opening: SocketOpening) {
        guard let report, let data = opening.report,
            let seen = try? JSONDecoder().decode(DoorReport.self, from: data)
        else { return add(.init("socket-headers", .untested, "What sockets tell of the visitor", saw: "no report")) }
        let differ = [
            ("address", report.address ?? "nobody", seen.address ?? "nobody"), ("scheme", report.scheme, seen.scheme),
            ("host", report.host ?? "none", seen.host ?? "none"),
        ].filter { $0.1 != $0.2 }
        guard !differ.isEmpty else {
            return add(.init("socket-headers", .ok, "Sockets tell the same as pages", saw: seen.address ?? "nobody"))
        }
        add(
            .init(
                "socket-headers", .failure, "Sockets tell something else than pages",
                saw: differ.map { "\($0.0) \($0.1) of a page, \($0.2) of a socket" }.joined(separator: "; "),
                why: "Sign-in and limits go by it.", hop: guess.name,
                cure:
                    "put all header lines into the one location that serves both; one line further in drops all others in nginx"
            ))
    }

    /// Two sockets, one silent and one that pings: which of them dies says why.
    mutating func checkIdle() async {
        let seconds = Duration.seconds(75)
        let probe = probe
        async let silent = try? probe.openSocket(holding: seconds)
        async let pinged = try? probe.openSocket(holding: seconds, pinging: .seconds(3))
        let (quiet, busy) = await (silent, pinged)
        guard let quiet, let busy, quiet.relays, busy.relays else {
            return add(.init("idle", .untested, "How long a quiet socket lives", saw: "no socket opened"))
        }
        switch (quiet.endedAfter, busy.endedAfter) {
        case (nil, nil):
            add(.init("idle", .ok, "A quiet socket stays", saw: "75 s"))
        case (let ended?, nil) where ended < .seconds(30):
            add(
                .init(
                    "idle", .failure, "A silent socket is cut before the server pings it",
                    saw: "after \(ended.components.seconds) s", why: "People reconnect again and again.",
                    hop: guess.name,
                    cure: Cure.idleTime.text(for: guess)))
        case (let ended?, nil):
            add(
                .init(
                    "idle", .note, "A silent socket is cut", saw: "after \(ended.components.seconds) s",
                    why:
                        "The server pings more often, so that nobody notices; it is only worth knowing.",
                    hop: guess.name, cure: Cure.idleTime.text(for: guess)))
        case (_, let ended?):
            add(
                .init(
                    "idle", .failure, "Every socket is cut, also one that is used",
                    saw: "after \(ended.components.seconds) s", why: "People reconnect again and again.",
                    hop: guess.name,
                    cure: "take off the limit on a request's whole time for this host"))
        }
    }
}
