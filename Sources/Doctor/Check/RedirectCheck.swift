import Foundation
import Proxy
import Realtime

extension Examination {
    /// Whether a redirect that a proxy makes by itself leads to where people are: some add a slash, and name their own port.
    mutating func checkSlash() async {
        guard report != nil else { return }
        let path = probe.url.path.isEmpty ? "/rooms" : ""
        guard let answer = try? await probe.ask("GET", path) else {
            return add(.init("slash", .untested, "Addresses without a slash at the end", saw: "no answer"))
        }
        let location = answer.header("location") ?? ""
        if answer.isProven || answer.header(DoctorHeader.proof) != nil || location.hasPrefix("/")
            || location.hasPrefix(probe.url.description + "/")
        {
            return add(.init("slash", .ok, "Addresses without a slash at the end work", saw: "\(answer.status)"))
        }
        guard (300..<400).contains(answer.status) else {
            return add(
                .init(
                    "slash", .failure, .pathChanged, "The address without a slash at its end leads nowhere",
                    saw: "\(answer.summary) for \(probe.url.path)\(path)", why: "People type it so.", hop: guess.name,
                    cure: Cure.path.text(for: guess)))
        }
        add(
            .init(
                "slash", .failure, .redirectElsewhere, "A proxy redirects to an address of its own",
                saw: "\(answer.status) to \(location)", why: "People end up at an address that does not work.",
                hop: guess.name, cure: Cure.redirects.text(for: guess)))
    }

    /// Whether http leads to https, by the proxy, and lets the certificate's authority through.
    mutating func checkRedirect() async {
        guard probe.url.isSecure, probe.url.port == 443 || probe.httpPort != 80 else {
            return add(.init("http", .untested, "Port 80", saw: "the public URL is not https on port 443"))
        }
        guard let answer = try? await probe.ask("GET", "/", asPublic: false) else {
            return add(
                .init(
                    "http", .note, .challengePathBlocked, "Nobody answers on port \(probe.httpPort)",
                    saw: "no connection",
                    why:
                        "Whoever types the name without https:// may not get here, and certificates may not be renewed."
                ))
        }
        let location = answer.header("location") ?? ""
        if (300..<400).contains(answer.status), location.hasPrefix(probe.url.origin) {
            add(.init("http", .ok, "http leads to https", saw: "\(answer.status)"))
        } else if (300..<400).contains(answer.status) {
            add(
                .init(
                    "http", .failure, .redirectElsewhere, "http leads somewhere else",
                    saw: "\(answer.status) to \(location)", why: "People end up at an address that does not work.",
                    hop: guess.name, cure: "redirect to \(probe.url.origin); \(Cure.redirects.text(for: guess))"))
        } else if answer.status == 401 || answer.status == 403 {
            // Who sees no page cannot be seen on their way to one; what matters is looked at next.
            add(.init("http", .note, "Port \(probe.httpPort) lets nobody in", saw: answer.summary))
        } else {
            add(
                .init(
                    "http", .warning, .noTLS, "The chat is there without TLS, too", saw: answer.summary,
                    why: "Passwords are readable on the way.", hop: guess.name,
                    cure: "redirect everything but /.well-known/acme-challenge/ to \(probe.url.origin)"))
        }
        await checkChallengePath()
    }

    /// An authority follows redirects, and does not sign in (RFC 8555, section 8.3).
    private mutating func checkChallengePath() async {
        let path = "/.well-known/acme-challenge/parley-doctor"
        guard let answer = try? await probe.ask("GET", path, asPublic: false) else {
            return add(.init("acme", .untested, "The way of certificate authorities", saw: "no answer"))
        }
        let location = answer.header("location") ?? ""
        let isSentAway = (300..<400).contains(answer.status) && !location.hasPrefix(probe.url.origin)
        guard answer.status == 401 || answer.status == 403 || isSentAway else {
            return add(.init("acme", .ok, "A certificate authority gets through", saw: "\(answer.status)"))
        }
        add(
            .init(
                "acme", .failure, .challengePathBlocked, "A certificate authority does not get through",
                saw: "\(answer.summary) \(location)", why: "The certificate will not be renewed, and expires.",
                hop: guess.name, cure: Cure.challengePath.text(for: guess)))
    }
}
