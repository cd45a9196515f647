import Foundation
import Proxy

extension Examination {
    /// Whether a form from our own page is taken for one: the page's cookie and token, sent back as a browser does.
    mutating func checkForm() async {
        guard !findings.contains(where: { $0.check == "public-url" && $0.severity == .failure }) else {
            return add(.init("form", .untested, "Forms", saw: "first the server has to know its address"))
        }
        guard let page = try? await probe.ask("GET", "/accounts/login/", Self.browser), page.isProven else {
            return add(.init("form", .untested, "Forms", saw: "the page did not come from the server"))
        }
        guard let cookie = page.header("set-cookie") else {
            return add(lost("no Set-Cookie arrives"))
        }
        let marks = cookie.split(separator: ";").dropFirst().map {
            $0.trimmingCharacters(in: .whitespaces).lowercased()
        }
        if probe.url.isSecure, !marks.contains("secure") { return add(lost("it comes without Secure: \(cookie)")) }
        if let domain = marks.first(where: { $0.hasPrefix("domain=") }) {
            return add(lost("it comes with \(domain), and is for this host alone"))
        }
        // Signing out without being signed in changes nothing.
        let headers =
            Self.browser + [
                ("Cookie", String(cookie.prefix { $0 != ";" })), ("Origin", probe.url.origin),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ]
        guard let answer = try? await probe.ask("POST", "/accounts/logout/", headers, body: Array("csrf=".utf8)) else {
            return add(.init("form", .untested, "Forms", saw: "no answer"))
        }
        if answer.isProven, answer.status == 303 {
            return add(.init("form", .ok, "Forms from our own page are taken", saw: "303"))
        }
        let arrived = await see([("Origin", probe.url.origin)]).map { values("origin", in: $0) } ?? []
        let isChanged = arrived != [probe.url.origin]
        add(
            .init(
                "form", .failure, .formRefused, "Forms from our own page are refused",
                saw: answer.summary + (isChanged ? "; Origin: \(arrived.first ?? "none")" : ""),
                why: "People see \"sent from another site\" when they sign in.",
                hop: answer.isProven && !isChanged ? "the server's own settings" : guess.name,
                cure: !answer.isProven
                    ? Cure.methods.text(for: guess)
                    : isChanged ? Cure.origin.text(for: guess) : "public-url=\(probe.url)"))
    }

    private func lost(_ saw: String) -> Finding {
        .init(
            "form", .failure, .cookieLost, "The cookie is lost", saw: saw,
            why: "Browsers drop it, and nobody can sign in.", hop: guess.name, cure: Cure.cookies.text(for: guess))
    }
}
