import Foundation
import Proxy
import Realtime

/// Makes out who gave an answer that was not the server's, or not the one that was asked for.
struct Answerer {
    private let answer: Answer
    private let url: PublicURL
    private let guess: ProxyGuess
    private let page: String
    private let location: String

    init(_ answer: Answer, _ url: PublicURL, _ guess: ProxyGuess) {
        self.answer = answer
        self.url = url
        self.guess = guess
        page = String(decoding: answer.body.prefix(4000), as: UTF8.self)
        location = answer.header("location") ?? ""
    }

    /// - Parameter check: which look it was; where what was found has a name of its own, that one.
    func finding(_ check: String) -> Finding {
        cached ?? edges ?? preamble ?? walls ?? redirects ?? refusals ?? unreachable ?? other(check)
    }

    private var cached: Finding? {
        guard !answer.isProven, answer.header(DoctorHeader.proof) != nil else { return nil }
        return .init(
            "cache", .failure, .cached, "A cache answers", saw: "the proof of an earlier request",
            why: "People would see each other's pages.", hop: guess.name, cure: Cure.caching.text(for: guess))
    }

    /// What the big ones say of themselves.
    private var edges: Finding? {
        let ngrok = answer.header("ngrok-error-code") ?? ""
        if ngrok.hasSuffix("6024") {
            return .init(
                "browser", .warning, .interstitial, "ngrok shows browsers a page of its own first", saw: ngrok,
                why: "Whoever follows an invitation sees a warning, until they click it away.", hop: "ngrok",
                cure: "a paid plan of ngrok, or tell people to click \"Visit Site\" once")
        }
        if !ngrok.isEmpty {
            return .init(
                "upstream", .failure, .upstreamUnreachable, "ngrok does not reach the server",
                saw: "\(answer.summary), \(ngrok)", hop: "ngrok", cure: Cure.upstream.text(for: guess))
        }
        if answer.header("cf-mitigated") != nil {
            return .init(
                "challenge", .failure, .challenge, "A check for browsers is in the way", saw: answer.summary,
                why: "Apps cannot pass it.", hop: "Cloudflare",
                cure: "Cloudflare, Security: turn Bot Fight Mode off (bot protection), or skip it for this host")
        }
        if [522, 524].contains(answer.status), answer.header("cf-ray") != nil {
            return .init(
                "edge-timeout", .failure, .edgeTimeout, "Cloudflare waited for the server in vain",
                saw: answer.summary, why: "It gives up after 120 s.", hop: "Cloudflare",
                cure:
                    "look whether the server answers at its own address (parley doctor on its machine), and how long it takes"
            )
        }
        if (answer.header("server") ?? "").contains("awselb"), [502, 503, 504].contains(answer.status) {
            return .init(
                "balancer", .failure, .balancerWithoutTarget, "The load balancer has no healthy target",
                saw: answer.summary, why: "It sends nobody to a server whose health check fails.",
                hop: "an AWS load balancer",
                cure: "AWS, target group: health check path /api/health/, success codes 200, protocol HTTP")
        }
        return nil
    }

    private var preamble: Finding? {
        guard !answer.isProven, answer.status == 400,
            let fault = PreambleFault.allCases.first(where: { page.contains($0.rawValue) })
        else { return nil }
        let speaksTLS = fault == .tlsToPlain || fault == .plainToTLS
        return .init(
            "preamble", .failure, speaksTLS ? .upstreamScheme : .preambleMismatch,
            "The server does not understand how the proxy begins", saw: fault.rawValue,
            why: "No request arrives.", hop: guess.name,
            cure: (speaksTLS ? Cure.upstreamScheme : .preamble).text(for: guess))
    }

    private var walls: Finding? {
        guard !answer.isProven else { return nil }
        if answer.status == 403, page.lowercased().contains("challenge") {
            return .init(
                "challenge", .failure, .challenge, "A check for browsers is in the way", saw: answer.summary,
                why: "Apps cannot pass it.", hop: guess.name, cure: "turn bot protection off for this host")
        }
        let hasPassword = page.lowercased().contains("type=\"password\"")
        let isSentAway = (300..<400).contains(answer.status) && !isOurs
        guard answer.status == 401 || isSentAway || hasPassword else { return nil }
        return .init(
            "wall", .failure, .loginWall, "Something asks people to sign in before the server does",
            saw: "\(answer.summary) \(location)", why: "Apps and sockets cannot pass a login page.",
            hop: guess.name, cure: Cure.login.text(for: guess))
    }

    /// Whether a redirect stays at this host.
    private var isOurs: Bool {
        location.hasPrefix(url.description + "/api/doctor") || URLComponents(string: location)?.host == url.host
    }

    private var redirects: Finding? {
        guard (300..<400).contains(answer.status), !answer.isProven else { return nil }
        guard location.hasPrefix(url.description + "/api/doctor") else {
            return .init(
                "redirect", .failure, .redirectElsewhere, "A proxy redirects to an address of its own",
                saw: "\(answer.status) to \(location)", why: "People end up at an address that does not work.",
                hop: guess.name, cure: Cure.redirects.text(for: guess))
        }
        return .init(
            "loop", .failure, .redirectLoop, "The address leads to itself", saw: "\(answer.status) to \(location)",
            why: "Browsers give up with \"too many redirects\".", hop: guess.name,
            cure: answer.header("cf-ray") == nil
                ? "let only the outermost proxy redirect to https" : "Cloudflare: SSL/TLS, Full (strict)")
    }

    /// The server's own.
    private var refusals: Finding? {
        if answer.status == 421, answer.header("x-request-id") != nil {
            return .init(
                "host", .failure, .otherSite, "The server is not at this address", saw: "421 for \(url.host)",
                hop: "the server's own settings", cure: "public-url=\(url), or allowed-hosts=\(url.host)")
        }
        if answer.isProven, answer.status == 404 {
            return .init(
                "path", .failure, .pathChanged, "The server is asked for another path than people ask for",
                saw: "404 from this server for \(url.path)/api/doctor/",
                why: "Pages are blank, and links lead nowhere.", hop: guess.name, cure: Cure.path.text(for: guess))
        }
        if answer.isProven {
            return .init(
                "answer", .failure, "The server answers, and not what was asked", saw: answer.summary,
                cure: "let the server and this program have the same version")
        }
        guard answer.status == 404, answer.header("x-request-id") != nil else { return nil }
        return .init(
            "key", .failure, "The key is not accepted", saw: answer.summary,
            cure: "make a new one on the server: parley doctor-key; and look at both clocks")
    }

    private var unreachable: Finding? {
        guard !answer.isProven, (500..<600).contains(answer.status) else { return nil }
        if page.contains("SSL Handshake") {
            return .init(
                "upstream", .failure, .upstreamScheme, "The proxy speaks TLS to a server that does not",
                saw: answer.summary, hop: guess.name, cure: Cure.upstreamScheme.text(for: guess))
        }
        return .init(
            "upstream", .failure, .upstreamUnreachable, "The proxy does not reach the server", saw: answer.summary,
            hop: guess.name, cure: Cure.upstream.text(for: guess))
    }

    private func other(_ check: String) -> Finding {
        .init(
            check, .failure, .otherSite, "Something else answers", saw: answer.summary,
            why: "The name leads to another server, or to another site of the same proxy.", hop: guess.name,
            cure: "\(url.host): \(Cure.siteName.text(for: guess))")
    }
}
