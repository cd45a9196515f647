/// The small Markdown of messages, as a tree: text, and elements of a closed set. What was typed stays what is stored; this
/// is how it is shown. The web client does the same (`web/js/markup.js`); `Tests/Fixtures/markup/messages.json` holds both
/// to it.
indirect enum Markup: Hashable, Sendable {
    case text(String)
    case element(Name, [Markup])
    /// Its address is http, https or mailto.
    /// - Parameter isLabelled: its text is not its address.
    case link(String, isLabelled: Bool, [Markup])
    /// A numbered list.
    case numbers(from: Int, [Markup])

    enum Name: String, Sendable {
        case paragraph = "p"
        case strong
        case emphasis = "em"
        case code
        case codeBlock = "pre"
        case quote = "blockquote"
        case bullets = "ul"
        case item = "li"
    }

    /// Reads a message. Linear in its length, whatever it is.
    static func parse(_ text: String) -> [Markup] {
        var steps = 0
        return parse(text, steps: &steps)
    }

    /// - Parameter steps: raised by the number of characters that were looked at, for tests.
    static func parse(_ text: String, steps: inout Int) -> [Markup] {
        let lines = Array(text.unicodeScalars).split(separator: "\n", omittingEmptySubsequences: false)
        var parser = BlockParser(steps: steps)
        defer { steps = parser.steps }
        return parser.blocks(lines, depth: 0)
    }

    /// With one text where several stood side by side.
    static func joined(_ nodes: some Sequence<Markup>) -> [Markup] {
        var result: [Markup] = []
        var text: String?
        for node in nodes {
            if case .text(let more) = node {
                text = (text ?? "") + more
            } else {
                if let ended = text { result.append(.text(ended)) }
                text = nil
                result.append(node)
            }
        }
        if let ended = text { result.append(.text(ended)) }
        return result
    }
}

extension String {
    init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
