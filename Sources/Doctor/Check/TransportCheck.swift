import Foundation
import NIOSSL
import Proxy

extension Examination {
    /// Whether the certificate is one that a phone accepts: right name, in time, with its whole chain.
    mutating func checkCertificate() async {
        guard probe.url.isSecure else {
            let isLocal = probe.url.isLocal
            return add(
                .init(
                    "certificate", isLocal ? .ok : .warning, isLocal ? "No TLS is needed here" : "There is no TLS",
                    saw: probe.url.origin,
                    why: isLocal ? nil : "Passwords are readable, and no browser gives a microphone.",
                    cure: isLocal ? nil : "parley proxy-config nginx --public-url https://\(probe.url.host)"))
        }
        let certificates = (try? await probe.certificates()) ?? []
        guard let leaf = certificates.first else {
            return add(.init("certificate", .untested, "The certificate", saw: "no TLS handshake"))
        }
        let now = Int(Date().timeIntervalSince1970)
        let days = (Int(leaf.notValidAfter) - now) / 86_400
        var fault: ProbeFault?
        do throws(ProbeFault) {
            _ = try await probe.ask("GET", "/api/health/", verifies: true)
        } catch {
            fault = error
        }
        switch fault {
        case .certificate where Int(leaf.notValidAfter) < now:
            add(
                .init(
                    "certificate", .failure, "The certificate has expired", saw: "\(-days) days ago",
                    why: "Nobody gets in.", hop: guess.name,
                    cure: "renew it, and let the proxy read it anew: certbot --deploy-hook \"systemctl reload nginx\""))
        case .certificate(let reason) where reason.lowercased().contains("hostname"):
            add(
                .init(
                    "certificate", .failure, "The certificate is for another name", saw: "not for \(probe.url.host)",
                    why: "Nobody gets in.", hop: guess.name, cure: "get one for \(probe.url.host)"))
        case .certificate(let reason):
            add(
                .init(
                    "certificate", .failure,
                    certificates.count == 1
                        ? "The certificate comes without its chain" : "The certificate is not trusted",
                    saw: "\(certificates.count) sent: \(reason.prefix(120))",
                    why: "Browsers may fetch what is missing; phones do not.", hop: guess.name,
                    cure: Cure.chain.text(for: guess)))
        case .some(let fault):
            add(.init("certificate", .untested, "The certificate", saw: fault.sentence))
        case nil where days < 14:
            add(
                .init(
                    "certificate", .warning, "The certificate ends soon", saw: "in \(days) days",
                    why: "Renewing it should have happened by now.", cure: "certbot renew --dry-run"))
        case nil:
            add(
                .init(
                    "certificate", .ok, "The certificate is good", saw: "\(certificates.count) sent, \(days) days left")
            )
        }
    }

    /// Whether http leads to https, by the proxy.
    mutating func checkRedirect() async {
        guard probe.url.isSecure, probe.url.port == 443 else {
            return add(.init("http", .untested, "Port 80", saw: "the public URL is not https on port 443"))
        }
        guard let answer = try? await probe.ask("GET", "/", asPublic: false) else {
            return add(
                .init(
                    "http", .note, "Nobody answers on port 80", saw: "no connection",
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
                    "http", .failure, "http leads somewhere else", saw: "\(answer.status) to \(location)",
                    why: "People end up at an address that does not work.", hop: guess.name,
                    cure: "redirect to \(probe.url.origin); nginx: absolute_redirect off;"))
        } else {
            add(
                .init(
                    "http", .warning, "The chat is there without TLS, too", saw: answer.summary,
                    why: "Passwords are readable on the way.", hop: guess.name,
                    cure: "redirect everything but /.well-known/acme-challenge/ to \(probe.url.origin)"))
        }
    }
}
