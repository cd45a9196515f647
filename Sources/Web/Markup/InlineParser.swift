/// Bold, italic, code and links: what stands inside of a paragraph.
///
/// Every character is looked at a bounded number of times, whatever the text: no rule may look further ahead than what
/// no other will look at again.
struct InlineParser {
    /// So many may be open at a time; what would be one more is text.
    private static let openMax = 8
    /// What a backslash takes the meaning from. Not the underscore: ¯\_(ツ)_/¯
    private static let escapable = Set("\\*`[]>#-.".unicodeScalars)

    /// A place in the nodes, where only text stands until it is closed.
    private struct Opener {
        let index: Int
        let mark: Unicode.Scalar
        let length: Int
    }

    private let text: [Unicode.Scalar]
    private let hasLinks: Bool
    private let links: [Int: FoundLink]
    private(set) var steps: Int
    private var nodes: [Markup] = []
    private var openers: [Opener] = []
    /// Where the text begins that is in no node yet.
    private var plain = 0
    private var at = 0
    /// Where runs of backticks are, by their length, the first last.
    private lazy var ticks = placesOfTicks()
    /// Where the next `](` is; `nil` before it was looked for, the end of the text where there is none.
    private var labelEnd: Int?

    init(_ text: [Unicode.Scalar], hasLinks: Bool, steps: Int) {
        self.text = text
        self.hasLinks = hasLinks
        self.steps = steps
        let found = hasLinks ? LinkFinder.links(in: text) : []
        links = Dictionary(uniqueKeysWithValues: found.map { ($0.range.lowerBound, $0) })
    }

    mutating func parse() -> [Markup] {
        while at < text.count {
            steps += 1
            if let link = links[at] {
                push(.link(link.address, isLabelled: false, [.text(link.address)]), end: link.range.upperBound)
                continue
            }
            switch text[at] {
            case "\\": escape()
            case "`": code()
            case "[": link()
            case "*", "_": mark()
            default: at += 1
            }
        }
        flush(at)
        return Markup.joined(nodes)
    }

    private mutating func escape() {
        guard at + 1 < text.count, Self.escapable.contains(text[at + 1]) else {
            at += 1
            return
        }
        flush(at)
        plain = at + 1
        at += 2
    }

    private mutating func code() {
        let length = run(of: "`")
        let start = at + length
        while let place = ticks[length]?.last, place < start { ticks[length]?.removeLast() }
        guard let end = ticks[length]?.last else {
            at = start
            return
        }
        steps += end - start
        var code = text[start..<end]
        if code.first == " ", code.last == " ", code.contains(where: { $0 != " " }) {
            code = code.dropFirst().dropLast()
        }
        push(.element(.code, [.text(String(code))]), end: end + length)
    }

    private func placesOfTicks() -> [Int: [Int]] {
        var places: [Int: [Int]] = [:]
        var end = text.count
        while let last = text[..<end].lastIndex(of: "`") {
            var start = last
            while start > 0, text[start - 1] == "`" { start -= 1 }
            places[last + 1 - start, default: []].append(start)
            end = start
        }
        return places
    }

    /// `[label](address)`, where no other bracket opens before the label ends.
    private mutating func link() {
        let start = at
        at += 1
        guard hasLinks else { return }
        if labelEnd.map({ $0 < start }) ?? true { labelEnd = endOfLabel(from: start) }
        guard let labelEnd, labelEnd < text.count else { return }
        if let another = text[(start + 1)...].firstIndex(of: "["), another < labelEnd { return }
        guard let end = endOfAddress(from: labelEnd + 2) else { return }
        let label = Array(text[(start + 1)..<labelEnd])
        // A label that is an address itself could only say where one does not get to.
        guard let href = LinkFinder.safeHref(text[(labelEnd + 2)..<end]), !label.allSatisfy(\.isMarkupSpace),
            LinkFinder.links(in: label).isEmpty
        else { return }
        var parser = InlineParser(label, hasLinks: false, steps: steps)
        let children = parser.parse()
        steps = parser.steps
        at = start
        push(.link(href, isLabelled: true, children), end: end + 1)
    }

    private func endOfLabel(from start: Int) -> Int {
        var from = start
        while let index = text[from...].firstIndex(of: "]") {
            if index + 1 < text.count, text[index + 1] == "(" { return index }
            from = index + 1
        }
        return text.count
    }

    /// Where the bracket is that closes an address. Brackets inside of it come in pairs.
    private mutating func endOfAddress(from start: Int) -> Int? {
        var depth = 0
        for index in start..<text.count {
            steps += 1
            switch text[index] {
            case "[", "]": return nil
            case let space where space.isMarkupSpace: return nil
            case "(": depth += 1
            case ")" where depth == 0: return index
            case ")": depth -= 1
            default: break
            }
        }
        return nil
    }

    /// A run of one to three closes what the same one opened, or opens something. A longer one is text.
    private mutating func mark() {
        let mark = text[at]
        let length = run(of: mark)
        let end = at + length
        let before = at > 0 ? text[at - 1] : " "
        let after = end < text.count ? text[end] : " "
        var left = length > 3 ? 0 : length
        if !before.isMarkupSpace, after.letsEnd(mark) {
            while left > 0,
                let place = openers.lastIndex(where: { $0.mark == mark && (left == 3 || $0.length == left) })
            {
                flush(at)
                let length = openers[place].length
                close(place)
                left -= length
                at += length
                plain = at
            }
        }
        let opened = left == 3 ? [2, 1] : [left]
        if left == length, left > 0, !after.isMarkupSpace, before.letsStart(mark),
            openers.count + opened.count <= Self.openMax
        {
            flush(at)
            for length in opened {
                openers.append(Opener(index: nodes.count, mark: mark, length: length))
                nodes.append(.text(String(repeating: String(mark), count: length)))
            }
            plain = end
        }
        at = end
    }

    private mutating func close(_ place: Int) {
        let opener = openers[place]
        let children = Markup.joined(nodes[(opener.index + 1)...])
        nodes.removeSubrange(opener.index...)
        nodes.append(.element(opener.length == 1 ? .emphasis : .strong, children))
        openers.removeSubrange(place...)
    }

    private mutating func run(of mark: Unicode.Scalar) -> Int {
        let length = text[at...].prefix { $0 == mark }.count
        steps += length
        return length
    }

    private mutating func push(_ node: Markup, end: Int) {
        flush(at)
        nodes.append(node)
        at = end
        plain = end
    }

    private mutating func flush(_ end: Int) {
        if end > plain { nodes.append(.text(String(text[plain..<end]))) }
        plain = end
    }
}

extension Unicode.Scalar {
    /// What JavaScript's `\s` is, and what cannot be seen besides.
    var isMarkupSpace: Bool {
        switch value {
        case 0...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200B, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF: true
        default: false
        }
    }

    var isLetterOrNumber: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            true
        default: false
        }
    }

    /// A letter or digit of a script that has spaces between its words.
    private var isOfWord: Bool { value < 0x2E80 && isLetterOrNumber }

    /// Whether something may start behind it. An underscore is part of many a name: it starts and ends something only
    /// where a word does.
    fileprivate func letsStart(_ mark: Unicode.Scalar) -> Bool {
        mark == "_" ? isMarkupSpace || "([{'\"“‘«*".unicodeScalars.contains(self) : !isOfWord
    }

    /// Whether something may end before it.
    fileprivate func letsEnd(_ mark: Unicode.Scalar) -> Bool {
        mark == "_" ? isMarkupSpace || ")]}'\"”’».,;:!?…*".unicodeScalars.contains(self) : !isOfWord
    }
}
