import Foundation
import Model
import Testing

@testable import Web

@Suite("Where one goes after signing in")
struct SafeNextTests {
    @Test("is a path of this site", arguments: ["/rooms/", "/chat/lobby/", "/chat/lobby/?a=b#c", "/"])
    func accepted(path: String) {
        #expect(Site.safeNext(path) == path)
    }

    @Test(
        "is never another site",
        arguments: [
            "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)", "",
            "rooms/", "/\t/evil.example", "/\n/evil.example", " //evil.example", "/ok\r\nSet-Cookie: a=b", "/é",
            "/" + String(repeating: "a", count: 600),
        ])
    func refused(path: String) {
        #expect(Site.safeNext(path) == nil)
    }

    @Test("is nothing where nothing was said")
    func missing() {
        #expect(Site.safeNext(nil) == nil)
    }
}

@Suite("What a template puts into a page")
struct HTMLTextTests {
    @Test(
        "has no character left that means something in HTML, whatever follows it",
        arguments: ["<b>", "\"", "'", "&", "\"\u{301} onclick=x", "<\u{200D}script>", ">\u{20E3}", "'\u{FE0F}"])
    func escaped(text: String) {
        let scalars = HTMLText().escapeText(text).unicodeScalars
        for special in ["<", ">", "\"", "'"] as [Unicode.Scalar] { #expect(!scalars.contains(special)) }
    }

    @Test("is otherwise as it was", arguments: ["Hello", "נועה", "🧚‍♀️", "\u{202E}left", "a\u{301}"])
    func kept(text: String) {
        #expect(HTMLText().escapeText(text) == text)
    }

    @Test("is this way of escaping, in the real templates")
    func inTemplates() throws {
        let web = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../web")
            .standardized
        let templates = try Templates(directory: web.path, reloads: false)
        let page = try templates.render(
            "login",
            ["username": "\"\u{301} autofocus onfocus=alert(1)", "title": "T", "appName": "P", "assets": "/static/x"])
        #expect(page.unicodeScalars.contains("\u{301}"))
        #expect(page.contains("&quot;\u{301} autofocus"))
    }
}

@Suite("Every template")
struct TemplateTests {
    private static let web = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../web").standardized.path

    private static let files: [String] =
        ((try? FileManager.default.subpathsOfDirectory(atPath: web + "/templates")) ?? [])
        .filter { $0.hasSuffix(".mustache") && !$0.hasSuffix("-text.mustache") }.sorted()

    /// Each name that any template has, with hostile text behind it.
    private static func values() throws -> [String: Any] {
        var values: [String: Any] = [:]
        for file in files {
            let text = try String(contentsOfFile: "\(web)/templates/\(file)", encoding: .utf8)
            for name in text.matches(of: /{{[#]?([A-Za-z.]+)}}/).map({ String($0.output.1) }) where name != "." {
                let parts = name.split(separator: ".").map(String.init)
                if parts.count == 2 {
                    var inner = values[parts[0]] as? [String: Any] ?? [:]
                    inner[parts[1]] = hostile
                    values[parts[0]] = inner
                } else if values[name] == nil {
                    values[name] = hostile
                }
            }
        }
        return values
    }

    private static let hostile = "\"\u{301} onfocus=alert(1) <\u{301}script>"

    @Test("escapes by scalar what it is given, and so do those that it takes in", arguments: files)
    func escapes(file: String) throws {
        let templates = try Templates(directory: Self.web, reloads: false)
        let name = String(file.dropLast(".mustache".count)).replacing("/", with: "-")
        let page = try templates.render(name, try Self.values())
        for raw in ["\"\u{301}", "<\u{301}"] { #expect(!page.unicodeScalars.contains(raw.unicodeScalars), "\(file)") }
    }
}

@Suite("A person's avatar")
struct AvatarTests {
    // The same examples as in web/tests/avatar.test.js.
    @Test(
        "has the colour of their username",
        arguments: [("", 1), ("titania", 11), ("oberon", 2), ("puck", 4), ("zoë", 4)])
    func hue(username: String, hue: Int) {
        #expect(PageValues.hueClass(of: username) == hue)
    }

    @Test(
        "has the first letters of the first and the last word of their name",
        arguments: [
            ("Titania Moonweaver", "TM"), ("puck", "P"), ("Anna Maria von Trapp", "AT"), ("  spaced   out  ", "SO"),
            ("!? 7up", "7"), ("", "?"), ("🧚", "?"),
        ])
    func initials(name: String, initials: String) {
        #expect(PageValues.initials(of: name) == initials)
    }
}
