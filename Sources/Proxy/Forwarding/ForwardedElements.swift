/// The elements of `Forwarded` headers (RFC 7239, section 4), from the client's side to ours.
struct ForwardedElements: Sendable {
    struct Element: Hashable, Sendable {
        var node: ForwardedNode?
        var scheme: String?
        var host: String?
    }

    let elements: [Element]

    /// Of lines that are not what the RFC allows, only what stands behind the fault counts: a client wrote the fault, and
    /// proxies wrote behind it.
    init(lines: [String]) {
        var elements: [Element] = []
        for line in lines.reversed() {
            guard let some = Self.elements(in: line) else {
                let last = line.utf8.split(separator: UInt8(ascii: ",")).last.flatMap {
                    Self.elements(in: String(Substring($0)))
                }
                elements = (last ?? [Element(node: .unknown)]) + elements
                break
            }
            elements = some + elements
        }
        self.elements = elements
    }

    private static func elements(in line: String) -> [Element]? {
        guard let parts = split(line, at: UInt8(ascii: ",")) else { return nil }
        var elements: [Element] = []
        for part in parts {
            guard let pairs = split(part, at: UInt8(ascii: ";")) else { return nil }
            var element = Element()
            for pair in pairs where !pair.isEmpty {
                guard let equals = pair.firstIndex(of: "="), let value = unquoted(pair[pair.index(after: equals)...])
                else { return nil }
                switch pair[..<equals].lowercased() {
                case "for" where element.node == nil: element.node = ForwardedNode(value)
                case "proto" where element.scheme == nil: element.scheme = value
                case "host" where element.host == nil: element.host = value
                // Each may stand in an element once.
                case "for", "proto", "host": return nil
                default: break
                }
            }
            elements.append(element)
        }
        return elements
    }

    /// Cuts at a separator that is not in a quoted string; `nil` where a quote is not closed.
    private static func split(_ text: some StringProtocol, at separator: UInt8) -> [String]? {
        // By scalars: a separator may be one Character together with what stands before it.
        let (separator, quote, escape) = (Unicode.Scalar(separator), Unicode.Scalar("\""), Unicode.Scalar("\\"))
        var parts = [String.UnicodeScalarView()]
        var isQuoted = false
        var isEscaped = false
        for character in text.unicodeScalars {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == escape {
                isEscaped = true
            } else if character == quote {
                isQuoted.toggle()
            } else if character == separator, !isQuoted {
                parts.append(String.UnicodeScalarView())
                continue
            }
            parts[parts.count - 1].append(character)
        }
        guard !isQuoted else { return nil }
        return parts.map { String($0).trimmingOptionalWhitespace() }
    }

    private static func unquoted(_ text: some StringProtocol) -> String? {
        guard text.hasPrefix("\"") else { return text.contains("\"") ? nil : String(text) }
        guard text.count >= 2, text.hasSuffix("\"") else { return nil }
        var value = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if !isEscaped, character == "\\" {
                isEscaped = true
            } else {
                guard isEscaped || character != "\"" else { return nil }
                isEscaped = false
                value.append(character)
            }
        }
        return isEscaped ? nil : value
    }
}

extension StringProtocol {
    /// Without the spaces and tabs that HTTP allows around a value (RFC 9110, section 5.6.3).
    func trimmingOptionalWhitespace() -> String {
        var rest = self[...]
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
