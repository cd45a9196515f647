import Foundation
import Proxy
import Realtime

extension Examination {
    /// Whether a WebSocket opens and carries messages.
    mutating func checkSocket() async {
        guard report != nil else { return }
        let opening: SocketOpening
        do throws(ProbeFault) {
            opening = try await probe.openSocket([
                ("Origin", probe.url.origin), ("Sec-WebSocket-Protocol", "Bearer, parley-doctor"),
            ])
        } catch {
            return add(
                .init(
                    "socket", .failure, "No WebSocket opens", saw: error.sentence,
                    why: "The chat falls back to slower ways.", hop: guess.name, cure: Cure.upgrade.text(for: guess)))
        }
        let answer = opening.answer
        answers.append(answer)
        switch answer.status {
        case 101 where opening.relays:
            add(.init("socket", .ok, "A WebSocket opens, and messages pass", saw: "101"))
            checkHandshake(answer)
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
                    "socket", .failure, .socketRedirected, "The socket's address is redirected",
                    saw: "\(answer.status) to \(answer.header("location") ?? "nowhere")",
                    why: "Browsers do not follow redirects of sockets.", hop: guess.name,
                    cure: Cure.socketPath.text(for: guess)))
        case _ where answer.isProven:
            await addLostUpgrade(answer)
        default:
            addOtherAnswerer(answer)
        }
    }

    /// The request arrived as an ordinary one. Where others arrive with their upgrade, the socket's address is treated apart.
    private mutating func addLostUpgrade(_ answer: Answer) async {
        let seen = await see([("Connection", "Upgrade"), ("Upgrade", "websocket")])
        let passes = seen.map { seen in
            !values("upgrade", in: seen).isEmpty
                && values("connection", in: seen).joined().lowercased().contains("upgrade")
        }
        let opensBelow = (try? await probe.openSocket(path: "/ws/"))?.answer.status == 101
        let isPartial = passes == true || opensBelow
        let server = (answer.header("server") ?? "").lowercased()
        let isOther = server.contains("litespeed") || server.contains("microsoft-iis")
        let fault: Fault = isPartial ? .upgradeInOnePlace : isOther ? .upgradeUnknown : .upgradeLost
        let cure =
            switch (isOther, server.contains("iis")) {
            case (false, _): (isPartial ? Cure.upgradeEverywhere : .upgrade).text(for: guess)
            case (true, true): "IIS: turn on the feature WebSocket Protocol, and ARR's proxy"
            case (true, false): "LiteSpeed: RewriteRule ^/ws(.*) ws://127.0.0.1:8080/ws$1 [P,L]"
            }
        add(
            .init(
                "socket", .failure, fault, "The upgrade does not arrive",
                saw: "\(answer.status) from this server"
                    + (isPartial ? "; elsewhere (\(opensBelow ? "/ws/" : "/api/")) it does" : ""),
                why: "The chat falls back to slower ways.", hop: isOther ? server : guess.name, cure: cure))
    }

    private mutating func addOtherAnswerer(_ answer: Answer) {
        let overHTTP2 = report?.httpVersion == "2" && answer.status >= 400
        let fault: Fault? =
            switch answer.status {
            case _ where overHTTP2: .upstreamVersion
            case 401: .loginWall
            case 403: .firewall
            case 500...: .upstreamUnreachable
            case 200, 404: .otherSite
            default: nil
            }
        add(
            .init(
                "socket", .failure, fault,
                overHTTP2 ? "The proxy cannot pass sockets on over HTTP/2" : "Something else answers for sockets",
                saw: answer.summary, why: "The chat falls back to slower ways.", hop: guess.name,
                cure: overHTTP2
                    ? Cure.upstreamVersion.text(for: guess)
                    : "let /ws go where the pages go: \(Cure.upgradeEverywhere.text(for: guess))"))
    }

    /// What the answer to a request for a socket has to say, and may not (RFC 6455, section 4.1).
    private mutating func checkHandshake(_ answer: Answer) {
        if answer.header("sec-websocket-protocol") != "Bearer" {
            add(
                .init(
                    "subprotocol", .failure, .subprotocolLost, "The subprotocol is lost on the way",
                    saw: "Bearer was offered, and \(answer.header("sec-websocket-protocol") ?? "none") chosen",
                    why: "Browsers close such a socket at once.", hop: guess.name,
                    cure: Cure.subprotocol.text(for: guess)))
        }
        if let extensions = answer.header("sec-websocket-extensions") {
            add(
                .init(
                    "extensions", .failure, .extensionInvented, "A proxy promises what nobody offered",
                    saw: "Sec-WebSocket-Extensions: \(extensions)", why: "Browsers close such a socket at once.",
                    hop: guess.name, cure: Cure.extensions.text(for: guess)))
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
                "socket-headers", .failure, .headersLostForSockets, "Sockets tell something else than pages",
                saw: differ.map { "\($0.0) \($0.1) of a page, \($0.2) of a socket" }.joined(separator: "; "),
                why: "Sign-in and limits go by it.", hop: guess.name,
                cure: Cure.oneSetOfHeaders.text(for: guess)))
    }
}
