/// Writes a message's tree as HTML. Names come from the closed set, and whatever is not ours goes through `text`, which
/// escapes; there is no way to put in anything else.
struct MarkupHTML {
    private(set) var html = ""

    /// Such a link gives nobody standing, nor a hold on our page.
    private static let ofLinks: [(StaticString, String)] = [("rel", "noopener nofollow ugc"), ("target", "_blank")]

    static func html(of text: String) -> String {
        var writer = MarkupHTML()
        writer.write(Markup.parse(text))
        return writer.html
    }

    mutating func write(_ nodes: [Markup]) {
        for node in nodes {
            switch node {
            case .text(let content): text(content)
            case .element(let name, let children): element(name.rawValue, children)
            case .numbers(let start, let children): element("ol", [("start", "\(start)")], children)
            case .link(let href, let isLabelled, let children):
                var attributes: [(StaticString, String)] = [("href", href)]
                if isLabelled { attributes.append(("title", href)) }
                element("a", attributes + Self.ofLinks, children)
            }
        }
    }

    private mutating func element(_ name: StaticString, _ attributes: [(StaticString, String)], _ children: [Markup]) {
        html += "<\(name)"
        for (attribute, value) in attributes {
            html += " \(attribute)=\""
            text(value)
            html += "\""
        }
        html += ">"
        write(children)
        html += "</\(name)>"
    }

    private mutating func element(_ name: String, _ children: [Markup]) {
        html += "<\(name)>"
        // A browser leaves out the first line break in it.
        if name == Markup.Name.codeBlock.rawValue { html += "\n" }
        write(children)
        html += "</\(name)>"
    }

    private mutating func text(_ text: String) {
        html += HTMLText().escapeText(text)
    }
}
