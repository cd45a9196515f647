import Proxy
import Realtime

extension Examination {
    /// Whether the server knows who asks, over which scheme and by which name.
    mutating func checkVisitor() async {
        guard let report else { return }
        let isDirect = report.peerPort != nil && report.peerPort == answers.last?.localPort
        switch report.basis {
        case "direct" where isDirect:
            add(.init("visitor", .ok, "No proxy is in front", saw: "you are \(report.address ?? "unknown")"))
        case "untrusted":
            let isUnset = report.trustedProxies == ["loopback"]
            let entries = (report.trustedProxies + [report.untrustedPeerEntry]).joined(separator: ",")
            add(
                .init(
                    "visitor", .failure, isUnset ? .addressLost : .peerNotTrusted, "Everybody has the proxy's address",
                    saw: "\(report.peer) says whom it speaks for, and is not trusted",
                    why: "Limits and bans meet everybody at once.", hop: "the server's own settings",
                    cure: "trusted-proxies=\(entries)"))
        case "unattributable", "direct":
            add(
                .init(
                    "visitor", .failure, .addressLost, "The proxy does not say who asks",
                    saw: "the peer is \(report.peer), and there is no X-Forwarded-For that can be read",
                    why: "Everybody has one address, or none: limits and bans cannot work.", hop: guess.name,
                    cure: Cure.forwardedFor.text(for: guess)))
        default:
            add(.init("visitor", .ok, "The server knows who asks", saw: "you are \(report.address ?? "unknown")"))
        }
        checkScheme(report, isDirect: isDirect)
        checkHost(report)
        checkConnection(report)
    }

    private mutating func checkScheme(_ report: DoorReport, isDirect: Bool) {
        let asked = probe.url.isSecure ? "https" : "http"
        guard report.scheme != asked else {
            return add(.init("scheme", .ok, "The scheme arrives", saw: report.scheme))
        }
        guard report.basis != "untrusted" else {
            return add(.init("scheme", .untested, "The scheme", saw: "first the proxy has to be trusted"))
        }
        let told = values("x-forwarded-proto", in: report)
        let hops = values("x-forwarded-for", in: report).joined(separator: ",").split(separator: ",").count
        let isInner = !told.isEmpty && (hops > 1 || guess.isChain)
        add(
            .init(
                "scheme", .failure, isInner ? .schemeOverwritten : .schemeLost,
                told.isEmpty ? "The scheme does not arrive" : "The scheme arrives wrong",
                saw: "asked over \(asked); X-Forwarded-Proto: \(told.isEmpty ? "none" : told.joined(separator: " | "))",
                why: "HSTS and secure pages depend on it.",
                hop: isInner ? "\(guess.name): an inner proxy overwrites what the outer one said" : guess.name,
                cure: (isInner ? Cure.innerScheme : .scheme).text(for: guess)))
    }

    private mutating func checkHost(_ report: DoorReport) {
        let arrived = report.hostHeader ?? "none"
        let expected = probe.url.origin.split(separator: "/").last.map { String($0) } ?? ""
        if arrived.lowercased() == expected {
            add(.init("host", .ok, "The host arrives", saw: arrived))
        } else {
            add(
                .init(
                    "host", .warning, .hostRewritten, "The host is rewritten", saw: "\(expected) arrives as \(arrived)",
                    why:
                        "The server goes by its public URL, so that nothing breaks here; other programs behind this proxy would.",
                    hop: guess.name, cure: Cure.host.text(for: guess)))
        }
        if report.publicURL != probe.url.description {
            add(
                .init(
                    "public-url", .failure, .otherSite, "The server believes that it is somewhere else",
                    saw: "public-url is \(report.publicURL)", why: "Forms and sockets from this address are refused.",
                    hop: "the server's own settings", cure: "public-url=\(probe.url)"))
        } else {
            add(.init("public-url", .ok, "The server knows its address", saw: report.publicURL))
        }
    }

    private mutating func checkConnection(_ report: DoorReport) {
        let connection = values("connection", in: report).joined(separator: ",").lowercased()
        if connection.contains("upgrade"), values("upgrade", in: report).isEmpty {
            add(
                .init(
                    "connection", .warning, .upgradeOnEverything, "Connection: upgrade is on every request",
                    saw: "Connection: \(connection)",
                    why: "Connections to the server cannot be used again.", hop: guess.name,
                    cure: Cure.plainConnection.text(for: guess)))
        }
    }

    /// Claims to be somebody else. Whether the claim arrives means nothing: some proxies drop it, which is right. What
    /// counts is whether the server believes it.
    mutating func checkForgery() async {
        let tooWide = (report?.trustedProxies ?? []).filter { AddressRange($0)?.isVast ?? false }
        if !tooWide.isEmpty {
            return add(
                .init(
                    "forgery", .failure, .forgeryBelieved, "Anybody can pass for anybody",
                    saw: "trusted-proxies has \(tooWide.joined(separator: ", "))",
                    why: "Bans and limits can be evaded, and others framed.", hop: "the server's own settings",
                    cure: "trusted-proxies=\(report?.peer ?? "loopback"), the proxy's own address alone"))
        }
        guard !findings.contains(where: { $0.check == "visitor" && $0.severity == .failure }) else {
            return add(.init("forgery", .untested, "Forged addresses", saw: "first the visitor has to be known"))
        }
        // Of a network for documentation (RFC 5737): nobody's.
        let forged = "203.0.113.77"
        let claims: [(name: String, headers: [(String, String)])] = [
            ("X-Forwarded-For", [("X-Forwarded-For", forged)]),
            ("two X-Forwarded-For", [("X-Forwarded-For", forged), ("X-Forwarded-For", forged)]),
            ("Forwarded", [("Forwarded", "for=\(forged);proto=https")]), ("X-Real-IP", [("X-Real-IP", forged)]),
            ("CF-Connecting-IP", [("CF-Connecting-IP", forged)]), ("X_Forwarded_For", [("X_Forwarded_For", forged)]),
        ]
        var believed: [String] = []
        var unseen: [String] = []
        for claim in claims {
            guard let report = await see(claim.headers) else {
                unseen.append(claim.name)
                continue
            }
            if report.address == forged { believed.append(claim.name) }
        }
        if !unseen.isEmpty {
            add(.init("forgery", .untested, "Some forged addresses", saw: unseen.joined(separator: ", ")))
        }
        // Whoever is at a trusted address may say so of anybody.
        let isTrusted = report?.address.flatMap { IPAddress($0) }.map { address in
            TrustedProxies(report?.trustedProxies ?? [])?.trusts(address) ?? false
        }
        if !believed.isEmpty, isTrusted ?? false {
            return add(
                .init(
                    "forgery", .untested, "Forged addresses",
                    saw: "you are at \(report?.address ?? ""), which is in trusted-proxies: look from another machine"))
        }
        if believed.isEmpty {
            add(.init("forgery", .ok, "Forged addresses are not believed", saw: "\(claims.count - unseen.count) tried"))
        } else {
            add(
                .init(
                    "forgery", .failure, .forgeryBelieved, "Anybody can pass for anybody",
                    saw: "believed: \(believed.joined(separator: ", "))",
                    why: "Bans and limits can be evaded, and others framed.",
                    hop: "\(guess.name), or trusted-proxies is too wide",
                    cure: Cure.overwriteForwardedFor.text(for: guess)))
        }
    }

    func values(_ name: String, in report: DoorReport) -> [String] {
        report.headers.filter { $0.first?.lowercased() == name }.compactMap(\.last)
    }
}
