/// Paragraphs, code, quotes and lists: what begins at the beginning of a line.
struct BlockParser {
    typealias Line = ArraySlice<Unicode.Scalar>

    /// Quotes and lists inside of each other; what would be deeper is text.
    private static let depthMax = 4

    var steps: Int

    mutating func blocks(_ lines: [Line], depth: Int) -> [Markup] {
        var blocks: [Markup] = []
        var paragraph: [Line] = []
        var at = 0
        while at < lines.count {
            steps += lines[at].count
            if let (block, end) = block(lines, at, depth) {
                endParagraph(&paragraph, &blocks)
                blocks.append(block)
                at = end
                continue
            }
            if lines[at].isBlank { endParagraph(&paragraph, &blocks) } else { paragraph.append(lines[at]) }
            at += 1
        }
        endParagraph(&paragraph, &blocks)
        return blocks
    }

    private mutating func endParagraph(_ lines: inout [Line], _ blocks: inout [Markup]) {
        guard !lines.isEmpty else { return }
        var parser = InlineParser(Array(lines.joined(separator: ["\n"])), hasLinks: true, steps: steps)
        blocks.append(.element(.paragraph, parser.parse()))
        steps = parser.steps
        lines = []
    }

    private mutating func block(_ lines: [Line], _ start: Int, _ depth: Int) -> (Markup, end: Int)? {
        if let fence = Self.fence(lines, start) { return fence }
        guard depth < Self.depthMax else { return nil }
        return quote(lines, start, depth) ?? list(lines, start, depth)
    }

    /// From a line of three backticks to the next, or to the end.
    private static func fence(_ lines: [Line], _ start: Int) -> (Markup, end: Int)? {
        guard lines[start].isFence else { return nil }
        var code: [Line] = []
        var at = start + 1
        while at < lines.count {
            let line = lines[at].withoutTrailingSpaces
            guard line.hasSuffix("```") else {
                code.append(lines[at])
                at += 1
                continue
            }
            if line.count > 3 { code.append(line.dropLast(3)) }
            break
        }
        return (.element(.codeBlock, [.text(String(code.joined(separator: ["\n"])))]), at + 1)
    }

    private mutating func quote(_ lines: [Line], _ start: Int, _ depth: Int) -> (Markup, end: Int)? {
        let inner = lines[start...].lazy.map(\.quoted).prefix { $0 != nil }.compactMap { $0 }
        guard !inner.isEmpty else { return nil }
        return (.element(.quote, blocks(Array(inner), depth: depth + 1)), start + inner.count)
    }

    private mutating func list(_ lines: [Line], _ start: Int, _ depth: Int) -> (Markup, end: Int)? {
        guard let first = ListMarker(lines[start]) else { return nil }
        // The first line that goes on says how far an item is set in.
        var items: [(lines: [Line], indent: Int?)] = []
        var at = start
        loop: while at < lines.count {
            let line = lines[at]
            switch ListMarker(line) {
            case let marker? where marker.isOfOneList(with: first):
                items.append(([line.dropFirst(marker.length)], nil))
            case _ where line.hasPrefix("  "):
                let spaces = line.prefix(4).prefix { $0 == " " }.count
                let indent = items[items.count - 1].indent ?? spaces
                items[items.count - 1].indent = indent
                items[items.count - 1].lines.append(line.dropFirst(min(spaces, indent)))
            case _ where line.isBlank && Self.goesOn(at + 1 < lines.count ? lines[at + 1] : nil, first):
                items[items.count - 1].lines.append([])
            default: break loop
            }
            at += 1
        }
        var children: [Markup] = []
        for item in items { children.append(.element(.item, Self.tight(blocks(item.lines, depth: depth + 1)))) }
        return (first.number.map { .numbers(from: $0, children) } ?? .element(.bullets, children), at)
    }

    /// Whether a list goes on behind an empty line.
    private static func goesOn(_ line: Line?, _ first: ListMarker) -> Bool {
        guard let line, !line.isBlank else { return false }
        return ListMarker(line)?.isOfOneList(with: first) ?? line.hasPrefix("  ")
    }

    /// An item that begins with a paragraph begins with what is in it.
    private static func tight(_ blocks: [Markup]) -> [Markup] {
        guard case .element(.paragraph, let children)? = blocks.first else { return blocks }
        return children + blocks.dropFirst()
    }
}

/// What an item of a list begins with: `- `, `* `, `1. ` or `1) `.
private struct ListMarker {
    /// `nil` where the list has bullets.
    let number: Int?
    let length: Int

    init?(_ line: BlockParser.Line) {
        let digits = line.prefix(4).prefix { ("0"..."9").contains($0) }
        guard digits.count < 4, let sign = line.dropFirst(digits.count).first,
            digits.isEmpty ? sign == "-" || sign == "*" : sign == "." || sign == ")"
        else { return nil }
        let spaces = line.dropFirst(digits.count + 1).prefix { $0 == " " || $0 == "\t" }.count
        let length = digits.count + 1 + spaces
        guard spaces > 0, let next = line.dropFirst(length).first, next != "\r" else { return nil }
        number = Int(String(digits))
        self.length = length
    }

    func isOfOneList(with other: ListMarker) -> Bool { (number == nil) == (other.number == nil) }
}

extension BlockParser.Line {
    fileprivate var isBlank: Bool { allSatisfy { $0 == " " || $0 == "\t" || $0 == "\r" } }

    fileprivate func hasPrefix(_ text: String) -> Bool { starts(with: text.unicodeScalars) }

    fileprivate func hasSuffix(_ text: String) -> Bool {
        suffix(text.unicodeScalars.count).elementsEqual(text.unicodeScalars)
    }

    fileprivate var withoutTrailingSpaces: Self {
        dropLast(reversed().prefix { $0 == " " || $0 == "\t" || $0 == "\r" }.count)
    }

    /// Three backticks, and maybe the name of a language.
    fileprivate var isFence: Bool {
        guard hasPrefix("```") else { return false }
        let name = dropFirst(3).drop { $0 == " " || $0 == "\t" }.withoutTrailingSpaces
        return name.count <= 32
            && name.allSatisfy {
                switch $0 {
                case "A"..."Z", "a"..."z", "0"..."9", "+", "#", ".", "-": true
                default: false
                }
            }
    }

    /// What stands behind the sign of a quote; `nil` where there is none.
    fileprivate var quoted: Self? {
        guard first == ">" else { return nil }
        switch dropFirst().first {
        case " ", "\t": return dropFirst(2)
        case "\r", ">", nil: return dropFirst()
        default: return nil
        }
    }
}
