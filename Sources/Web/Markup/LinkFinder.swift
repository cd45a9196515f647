/// An address in a text that people may follow.
struct FoundLink {
    let range: Range<Int>
    let address: String
}

/// Finds addresses in texts, and refuses those that pretend to be others. The web client does the same
/// (`web/js/linkify.js`).
enum LinkFinder {
    /// Longer than this is not a link that anybody means to follow, in Unicode scalars.
    private static let lengthMax = 2048

    /// The addresses with http and https that stand in a text by themselves.
    static func links(in text: [Unicode.Scalar]) -> [FoundLink] {
        var links: [FoundLink] = []
        var at = 0
        while let start = text[at...].firstIndex(where: { $0 == "h" || $0 == "H" }) {
            at = start + 1
            guard let scheme = scheme(text[start...]) else { continue }
            let candidate = text[start...].prefix { $0.isOfAddress }
            guard candidate.count > scheme else { continue }
            at = candidate.endIndex
            guard start == 0 || !text[start - 1].isLetterOrNumber else { continue }
            let address = withoutTrailing(candidate)
            guard let href = safeHref(address) else { continue }
            links.append(FoundLink(range: address.indices, address: href))
        }
        return links
    }

    /// The address of a link: http, https or mailto, and nothing else.
    /// - Returns: `nil` where it is no address, or one that pretends to be another.
    static func safeHref(_ address: ArraySlice<Unicode.Scalar>) -> String? {
        guard address.count <= lengthMax, address.allSatisfy(\.isOfAddress) else { return nil }
        if address.startsIgnoringCase(with: "mailto:") { return mail(address) }
        guard let scheme = scheme(address), address.count > scheme else { return nil }
        let authority = address.dropFirst(scheme).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return isHost(authority) ? String(address) : nil
    }

    /// One recipient, and nothing that fills in the mail for them.
    private static func mail(_ address: ArraySlice<Unicode.Scalar>) -> String? {
        let parts = address.dropFirst("mailto:".count).split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            !address.contains(where: { $0 == "?" || $0 == "&" || $0 == "#" })
        else { return nil }
        return String(address)
    }

    /// A name or an address of version 4, or one of version 6 in brackets, and maybe a port. In
    /// `https://bank.example@evil.example/` the part that one sees first is only a user name.
    private static func isHost(_ authority: ArraySlice<Unicode.Scalar>) -> Bool {
        let host: ArraySlice<Unicode.Scalar>
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return false }
            host = authority[...end]
            let inner = host.dropFirst().dropLast()
            guard !inner.isEmpty, inner.allSatisfy({ $0.properties.isASCIIHexDigit || $0 == ":" || $0 == "." }) else {
                return false
            }
        } else {
            host = authority.prefix { $0 != ":" }
            guard !host.isEmpty, !host.contains(where: { "@\\[]".unicodeScalars.contains($0) }) else { return false }
        }
        let port = authority[host.endIndex...]
        guard let colon = port.first else { return true }
        let digits = port.dropFirst()
        return colon == ":" && digits.count <= 5 && digits.allSatisfy { ("0"..."9").contains($0) }
            && Int(String(digits)) ?? 0 <= 65_535
    }

    /// The length of `http://` or `https://` at the beginning.
    private static func scheme(_ text: ArraySlice<Unicode.Scalar>) -> Int? {
        ["http://", "https://"].first { text.startsIgnoringCase(with: $0) }?.count
    }

    /// Leaves out the full stop after a link, and the bracket around it, but keeps the brackets of an address.
    private static func withoutTrailing(_ address: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        let pairs: [Unicode.Scalar: Unicode.Scalar] = [")": "(", "]": "[", "}": "{"]
        var surplus: [Unicode.Scalar: Int] = [:]
        for (closing, opening) in pairs {
            surplus[closing] = address.count { $0 == closing } - address.count { $0 == opening }
        }
        var rest = address
        while let last = rest.last {
            if let more = surplus[last], more > 0 {
                surplus[last] = more - 1
            } else if !".,;:!?'’”»…*_~".unicodeScalars.contains(last) {
                break
            }
            rest.removeLast()
        }
        return rest
    }
}

extension ArraySlice<Unicode.Scalar> {
    /// - Parameter text: lower case, ASCII.
    fileprivate func startsIgnoringCase(with text: String) -> Bool {
        prefix(text.utf8.count).map(\.properties.lowercaseMapping).elementsEqual(text.unicodeScalars.map(String.init))
    }
}

extension Unicode.Scalar {
    fileprivate var isOfAddress: Bool {
        switch value {
        case 0x22, 0x3C, 0x3E, 0x7F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: false
        default: value == 0x85 || !isMarkupSpace
        }
    }
}
