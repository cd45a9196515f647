import Foundation

/// Finds words that a server does not want, in time that grows with the text and not with the number of words.
///
/// All words are looked for at once (Aho and Corasick, "Efficient string matching", 1975), in a text without case,
/// accents, look-alike widths and invisible characters. A word counts where it stands by itself; with `*` at its
/// beginning or end also inside of another.
package struct WordFilter: Sendable {
    package enum Action: String, Sendable, CaseIterable {
        /// The message is not taken.
        case refuse
        /// The word's characters become asterisks.
        case mask
    }

    private struct Word {
        let length: Int
        let mayBeginInside: Bool
        let mayEndInside: Bool
    }

    private struct Node {
        var next: [Unicode.Scalar: Int] = [:]
        /// The node of the longest other beginning of a word that the text ends with here.
        var fallback = 0
        /// The nearest node on the way of fallbacks at which a word ends.
        var shorter = 0
        var words: [Word] = []
    }

    package let action: Action
    private var nodes = [Node()]

    /// Most words, and the longest, in characters.
    package static let wordsMax = 10_000
    package static let charactersMax = 64

    /// - Parameter list: words, separated by commas, each maybe with `*` at its beginning or end.
    /// - Returns: `nil` where something in it is no word, or there are too many.
    package init?(_ list: String, action: Action) {
        self.action = action
        let words = list.split { $0 == "," || $0.isNewline }
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        guard !words.isEmpty, words.count <= Self.wordsMax else { return nil }
        for word in words {
            guard add(word) else { return nil }
        }
        link()
    }

    /// Whether one of the words is in it.
    package func finds(in text: String) -> Bool { !ranges(in: text).isEmpty }

    /// The text as it may be stored.
    /// - Throws: `text_refused`.
    package func checked(_ text: String) throws(ChatError) -> String {
        let found = ranges(in: text)
        guard !found.isEmpty else { return text }
        guard action == .mask else {
            throw ChatError(.textRefused, "This server does not take one of these words.", field: "message")
        }
        var scalars = Array(text.unicodeScalars)
        for range in found.reversed() {
            // One asterisk for what is seen as one character.
            let shown = String(String.UnicodeScalarView(scalars[range])).filter(Self.isSeen).count
            scalars.replaceSubrange(range, with: Array(repeating: "*", count: shown))
        }
        return String(String.UnicodeScalarView(scalars))
    }

    // MARK: Words

    private mutating func add(_ pattern: String) -> Bool {
        let (begins, ends) = (pattern.hasPrefix("*"), pattern.count > 1 && pattern.hasSuffix("*"))
        let core = pattern.dropFirst(begins ? 1 : 0).dropLast(ends ? 1 : 0)
        let folded = Self.fold(String(core)).map(\.scalar)
        guard !folded.isEmpty, folded.count <= Self.charactersMax, folded.allSatisfy(Self.isLetter) else {
            return false
        }
        var node = 0
        for scalar in folded {
            if let next = nodes[node].next[scalar] {
                node = next
            } else {
                nodes.append(Node())
                nodes[node].next[scalar] = nodes.count - 1
                node = nodes.count - 1
            }
        }
        nodes[node].words.append(Word(length: folded.count, mayBeginInside: begins, mayEndInside: ends))
        return true
    }

    /// Level by level, so that shorter beginnings are done before longer ones.
    private mutating func link() {
        var level = Array(nodes[0].next.values)
        while !level.isEmpty {
            var following: [Int] = []
            for node in level {
                for (scalar, child) in nodes[node].next {
                    let fallback = step(nodes[node].fallback, scalar)
                    nodes[child].fallback = fallback
                    nodes[child].shorter = nodes[fallback].words.isEmpty ? nodes[fallback].shorter : fallback
                    following.append(child)
                }
            }
            level = following
        }
    }

    private func step(_ from: Int, _ scalar: Unicode.Scalar) -> Int {
        var node = from
        while true {
            if let next = nodes[node].next[scalar] { return next }
            guard node != 0 else { return 0 }
            node = nodes[node].fallback
        }
    }

    // MARK: Texts

    /// Where words are, as ranges of Unicode scalars, ascending and apart.
    private func ranges(in text: String) -> [Range<Int>] {
        let folded = Self.fold(text)
        var found: [Range<Int>] = []
        var node = 0
        for (index, character) in folded.enumerated() {
            node = step(node, character.scalar)
            var candidate = nodes[node].words.isEmpty ? nodes[node].shorter : node
            while candidate != 0 {
                for word in nodes[candidate].words where Self.stands(word, endingAt: index, in: folded) {
                    let range = folded[index - word.length + 1].source.lowerBound..<character.source.upperBound
                    Self.add(range, to: &found)
                }
                candidate = nodes[candidate].shorter
            }
        }
        return found
    }

    private static func stands(_ word: Word, endingAt end: Int, in text: [Folded]) -> Bool {
        let start = end - word.length + 1
        let beginsWell = word.mayBeginInside || start == 0 || !isLetter(text[start - 1].scalar)
        let endsWell = word.mayEndInside || end + 1 == text.count || !isLetter(text[end + 1].scalar)
        return beginsWell && endsWell
    }

    /// Ranges come in the order of their ends; what overlaps becomes one.
    private static func add(_ range: Range<Int>, to found: inout [Range<Int>]) {
        var range = range
        while let last = found.last, last.upperBound > range.lowerBound {
            range = min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound)
            found.removeLast()
        }
        found.append(range)
    }

    private static func isSeen(_ character: Character) -> Bool {
        character.unicodeScalars.first?.properties.generalCategory != .format
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private struct Folded {
        let scalar: Unicode.Scalar
        /// The scalars of the text that it stands for.
        var source: Range<Int>
    }

    /// Without case and accents, and without what cannot be seen (Unicode, UAX 15: compatibility decomposition).
    private static func fold(_ text: String) -> [Folded] {
        var folded: [Folded] = []
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if scalar.isASCII {
                let isUpper = ("A"..."Z").contains(scalar)
                let lower = isUpper ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar
                folded.append(Folded(scalar: lower, source: index..<(index + 1)))
                continue
            }
            var isSeen = false
            for part in String(scalar).decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
                switch part.properties.generalCategory {
                case .nonspacingMark, .enclosingMark, .format: continue
                default:
                    folded.append(Folded(scalar: part, source: index..<(index + 1)))
                    isSeen = true
                }
            }
            // What is not seen belongs to what is before it.
            if !isSeen, !folded.isEmpty {
                let last = folded.count - 1
                folded[last].source = folded[last].source.lowerBound..<(index + 1)
            }
        }
        return folded
    }
}
