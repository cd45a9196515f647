import Foundation
import Proxy

extension Examination {
    /// Whether the page arrives as it was sent: headers, cookie, text.
    mutating func checkPage() async {
        guard let answer = try? await probe.ask("GET", "/accounts/login/", browser), answer.isProven else {
            return add(.init("page", .untested, "The sign-in page", saw: "it did not come from the server"))
        }
        answers.append(answer)
        let expected = [
            "content-security-policy", "permissions-policy", "referrer-policy", "x-content-type-options",
            "x-frame-options", "cache-control",
        ]
        let missing = expected.filter { answer.count($0) == 0 }
        let doubled = expected.filter { answer.count($0) > 1 }
        let policy = answer.headers.filter { $0.name.lowercased() == "permissions-policy" }.map(\.value)
        let silenced = policy.contains { $0.contains("microphone=()") }
        if missing.isEmpty, doubled.isEmpty, !silenced {
            add(.init("headers", .ok, "The page's headers arrive as they were sent", saw: "\(expected.count) of them"))
        } else {
            add(
                .init(
                    "headers", .warning, "A proxy changes the page's headers",
                    saw: (missing.map { "\($0) is missing" } + doubled.map { "\($0) is there twice" }
                        + (silenced ? ["microphone=() forbids the microphone"] : [])).joined(separator: "; "),
                    why: "Two policies allow only what both allow: sockets or the microphone may fail.",
                    hop: guess.name,
                    cure: "remove the proxy's own header lines (add_header, Header set, response_header) for this host")
            )
        }
        if let caching = answer.header("cache-control"), !caching.contains("no-store") {
            add(
                .init(
                    "cache", .failure, "The page may be cached", saw: "Cache-Control: \(caching)",
                    why: "People would see each other's pages.", hop: guess.name,
                    cure: "let the server's own Cache-Control pass"))
        }
        let page = String(decoding: answer.body, as: UTF8.self)
        if page.contains("/cdn-cgi/") || page.contains("rocket-loader") {
            add(
                .init(
                    "html", .warning, "The page's text is rewritten", saw: "Cloudflare's scripts are in it",
                    why: "The page forbids scripts of others, so that things break.", hop: "Cloudflare",
                    cure: "Cloudflare: turn Rocket Loader and e-mail obfuscation off for this host"))
        }
    }

    /// Whether a form from our own page is taken for one: the page's cookie and token, sent back as a browser does.
    mutating func checkForm() async {
        guard let page = try? await probe.ask("GET", "/accounts/login/", browser), page.isProven else {
            return add(.init("form", .untested, "Forms", saw: "the page did not come from the server"))
        }
        guard let cookie = page.header("set-cookie")?.prefix(while: { $0 != ";" }) else {
            return add(
                .init(
                    "form", .failure, "The cookie is lost", saw: "no Set-Cookie arrives", why: "Nobody can sign in.",
                    hop: guess.name, cure: "let Set-Cookie pass"))
        }
        // Signing out without being signed in changes nothing.
        let headers =
            browser + [
                ("Cookie", String(cookie)), ("Origin", probe.url.origin),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ]
        guard let answer = try? await probe.ask("POST", "/accounts/logout/", headers, body: Array("csrf=".utf8)) else {
            return add(.init("form", .untested, "Forms", saw: "no answer"))
        }
        if answer.isProven, answer.status == 303 {
            add(.init("form", .ok, "Forms from our own page are taken", saw: "303"))
        } else {
            add(
                .init(
                    "form", .failure, "Forms from our own page are refused", saw: answer.summary,
                    why: "People see \"sent from another site\" when they sign in.",
                    hop: answer.isProven ? "the server's own settings" : guess.name,
                    cure: answer.isProven ? "public-url=\(probe.url)" : "let POST requests pass for this host"))
        }
    }

    private var browser: [(String, String)] {
        [
            ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"),
            ("Accept", "text/html,application/xhtml+xml"),
        ]
    }
}
