import Foundation
import Testing

@testable import Web

/// A message with the tree that it is shown as; the web client's tests read the same file.
private struct MarkupFixture: Decodable, CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    let tree: [MarkupNode]

    var testDescription: String { name }

    static let all: [MarkupFixture] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/markup/messages.json")
        return (try? JSONDecoder().decode([MarkupFixture].self, from: Data(contentsOf: file))) ?? []
    }()
}

/// A node as JSON has it.
private indirect enum MarkupNode: Decodable, Hashable, Sendable {
    case text(String)
    case element(String, href: String?, title: String?, start: Int?, [MarkupNode])

    private enum CodingKeys: String, CodingKey { case name, href, title, start, children }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self = .text(text)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self = .element(
            try container.decode(String.self, forKey: .name),
            href: try container.decodeIfPresent(String.self, forKey: .href),
            title: try container.decodeIfPresent(String.self, forKey: .title),
            start: try container.decodeIfPresent(Int.self, forKey: .start),
            try container.decode([MarkupNode].self, forKey: .children))
    }

    init(_ markup: Markup) {
        switch markup {
        case .text(let text): self = .text(text)
        case .element(let name, let children):
            self = .element(name.rawValue, href: nil, title: nil, start: nil, children.map(MarkupNode.init))
        case .numbers(let start, let children):
            self = .element("ol", href: nil, title: nil, start: start, children.map(MarkupNode.init))
        case .link(let href, let isLabelled, let children):
            self = .element(
                "a", href: href, title: isLabelled ? href : nil, start: nil, children.map(MarkupNode.init))
        }
    }

    /// Characters by their scalars: to a browser a quote with a mark behind it is a quote.
    var spelled: String {
        switch self {
        case .text(let text): "\(Array(text.unicodeScalars))"
        case .element(let name, let href, let title, let start, let children):
            "\(name) \(href ?? "") \(title ?? "") \(start ?? 0) \(children.map(\.spelled))"
        }
    }
}

@Suite("The small Markdown")
struct MarkupTests {
    @Test("is read as the web client reads it", arguments: MarkupFixture.all)
    fileprivate func same(fixture: MarkupFixture) {
        #expect(Markup.parse(fixture.text).map { MarkupNode($0).spelled } == fixture.tree.map(\.spelled))
    }

    @Test("has fixtures")
    func found() {
        #expect(MarkupFixture.all.count > 30)
    }

    @Test("is written with our tags alone, whatever the text", arguments: MarkupFixture.all)
    fileprivate func tags(fixture: MarkupFixture) throws {
        let html = MarkupHTML.html(of: fixture.text)
        let tag = try Regex(
            #"</?(p|strong|em|code|pre|blockquote|ul|li|ol)>|</a>|<ol start="\d+">|<a href="(https?://|mailto:)[^"<>]*"( title="[^"<>]*")? rel="noopener nofollow ugc" target="_blank">"#
        ).ignoresCase()
        #expect(!html.replacing(tag, with: "").contains { "<>".contains($0) })
    }

    @Test("escapes what it did not make")
    func escapes() {
        let html = MarkupHTML.html(of: "<b> & [\"x\"](https://a.example/?a=1&b='2')")
        #expect(
            html
                == "<p>&lt;b&gt; &amp; <a href=\"https://a.example/?a=1&amp;b=&#39;2&#39;\" "
                + "title=\"https://a.example/?a=1&amp;b=&#39;2&#39;\" rel=\"noopener nofollow ugc\" target=\"_blank\">"
                + "&quot;x&quot;</a></p>")
    }

    @Test(
        "costs as much as the text is long, whatever it is",
        arguments: [
            "*", "*_", "*a ", "a* ", "***a ", "`", "`` ` ", "[", "[a](", "[a](https://a.example/x", "[a]", "https://",
            ">", "> ", "- ", "- a\n", "  - a\n", "```\n", "- a\n\n", "\\", ")",
        ])
    func linear(piece: String) {
        for begin in ["", "- ", "https://a.example/", "*"] {
            let steps = [10_000, 20_000].map { length in
                var steps = 0
                _ = Markup.parse(begin + String(repeating: piece, count: length / piece.count), steps: &steps)
                return steps
            }
            #expect(steps[1] <= 20_000 * 10)
            #expect(Double(steps[1]) <= Double(steps[0]) * 2.1)
        }
    }
}
