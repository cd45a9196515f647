import Foundation
import Proxy
import Realtime

extension Examination {
    /// Whether pages arrive at a browser as they were sent: headers and text.
    mutating func checkPage() async {
        guard let answer = try? await probe.ask("GET", "/accounts/login/", Self.browser) else {
            return add(.init("page", .untested, "The sign-in page", saw: "no answer"))
        }
        guard answer.isProven else {
            if findings.contains(where: { $0.check == "cache" }) { return }
            return add(Answerer(answer, probe.url, guess).finding("page"))
        }
        answers.append(answer)
        checkHeaders(answer)
        if let caching = answer.header("cache-control"), !caching.contains("no-store") {
            add(
                .init(
                    "cache", .failure, .cached, "The page may be cached", saw: "Cache-Control: \(caching)",
                    why: "People would see each other's pages.", hop: guess.name, cure: Cure.caching.text(for: guess)))
        }
        checkLinks(String(decoding: answer.body, as: UTF8.self))
        await checkText()
    }

    private mutating func checkHeaders(_ answer: Answer) {
        let expected = [
            "content-security-policy", "permissions-policy", "referrer-policy", "x-content-type-options",
            "x-frame-options", "cache-control",
        ]
        let missing = expected.filter { answer.count($0) == 0 }
        let doubled = expected.filter { answer.count($0) > 1 }
        let policy = answer.headers.filter { $0.name.lowercased() == "permissions-policy" }.map(\.value)
        let wrong =
            missing.map { "\($0) is missing" } + doubled.map { "\($0) is there twice" }
            + (policy.contains { $0.contains("microphone=()") } ? ["microphone=() forbids the microphone"] : [])
            + (answer.header("referrer-policy") == "no-referrer" ? ["no-referrer takes the Origin off forms"] : [])
        if wrong.isEmpty {
            add(.init("headers", .ok, "The page's headers arrive as they were sent", saw: "\(expected.count) of them"))
        } else {
            add(
                .init(
                    "headers", .warning, .headersChanged, "A proxy changes the page's headers",
                    saw: wrong.joined(separator: "; "),
                    why: "Two policies allow only what both allow: sockets or the microphone may fail.",
                    hop: guess.name, cure: Cure.ownHeaders.text(for: guess)))
        }
        // 426 is the server's own answer, and has to say so (RFC 9110, section 15.5.22).
        let offering = answers.filter { $0.status != 101 && $0.status != 426 }.compactMap { $0.header("upgrade") }
        if let offer = offering.first {
            add(
                .init(
                    "upgrade", .warning, .upgradeAdvertised, "A proxy offers to change the protocol",
                    saw: "Upgrade: \(offer)",
                    why: "Some clients take that for the answer to a request for a socket.", hop: guess.name,
                    cure: Cure.upgradeAdvertised.text(for: guess)))
        }
    }

    private mutating func checkLinks(_ page: String) {
        guard probe.url.isSecure else { return }
        let found = page.matches(of: /(?:src|href|action)="((?:http|ws):\/\/[^"]*)"/).map { String($0.1) }
        guard let first = found.first else {
            return add(.init("links", .ok, "The page names nothing over http", saw: "the sign-in page"))
        }
        add(
            .init(
                "links", .failure, .mixedContent, "The page names addresses over http", saw: first,
                why: "Browsers load nothing over http into a page over https.", hop: guess.name,
                cure: Cure.rewriting.text(for: guess)))
    }

    /// The server sends its page of the doctor's as it is known here.
    private mutating func checkText() async {
        guard let answer = try? await probe.ask("GET", DoctorPage.path, Self.browser), answer.isProven,
            answer.status == 200
        else { return add(.init("html", .untested, "The text of pages", saw: "no answer from the server")) }
        let text = String(decoding: answer.body, as: UTF8.self)
        guard text != DoctorPage.text else {
            return add(.init("html", .ok, "The text of pages arrives as it was sent", saw: "\(text.utf8.count) bytes"))
        }
        let changed = text.split(separator: "\n").first { !DoctorPage.text.contains($0) }
        let encoding = answer.header("content-encoding")
        add(
            .init(
                "html", .warning, .pageRewritten, "The page's text is rewritten",
                saw: encoding.map { "Content-Encoding: \($0), which was not asked for" }
                    ?? changed.map { "new: \($0.prefix(120))" } ?? "\(text.utf8.count) bytes",
                why: "The page forbids scripts of others, so that things break.", hop: guess.name,
                cure: Cure.rewriting.text(for: guess)))
    }

    /// What a browser says of itself.
    static let browser = [
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"),
        ("Accept", "text/html,application/xhtml+xml"),
    ]
}
