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
                    "certificate", isLocal ? .ok : .warning, isLocal ? nil : .noTLS,
                    isLocal ? "No TLS is needed here" : "There is no TLS",
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
                    "certificate", .failure, .certificateWrong, "The certificate has expired", saw: "\(-days) days ago",
                    why: "Nobody gets in.", hop: guess.name,
                    cure: "renew it, and let the proxy read it anew: certbot --deploy-hook \"systemctl reload nginx\""))
        case .certificate(let reason) where reason.lowercased().contains("hostname"):
            add(
                .init(
                    "certificate", .failure, .certificateWrong, "The certificate is for another name",
                    saw: "not for \(probe.url.host)",
                    why: "Nobody gets in.", hop: guess.name, cure: "get one for \(probe.url.host)"))
        case .certificate(let reason):
            add(
                .init(
                    "certificate", .failure, certificates.count == 1 ? .chainIncomplete : nil,
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
                    "certificate", .warning, .certificateWrong, "The certificate ends soon", saw: "in \(days) days",
                    why: "Renewing it should have happened by now.", cure: "certbot renew --dry-run"))
        case nil:
            add(
                .init(
                    "certificate", .ok, "The certificate is good", saw: "\(certificates.count) sent, \(days) days left")
            )
        }
    }
}
