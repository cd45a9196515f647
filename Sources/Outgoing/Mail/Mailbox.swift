package import Model

/// An address with a name to show before it (RFC 5322, section 3.4).
package struct Mailbox: Hashable, Sendable, CustomStringConvertible {
    /// One line; empty for none.
    package let name: String
    package let address: EmailAddress

    /// Reads `chat@example.com`, or `Parley <chat@example.com>`.
    /// - Returns: `nil` for anything else.
    package init?(_ text: String) {
        var name = ""
        var address = text
        if text.hasSuffix(">"), let start = text.lastIndex(of: "<") {
            name = String(text[..<start])
            while name.last == " " { name.removeLast() }
            if name.utf8.count > 2, name.hasPrefix("\""), name.hasSuffix("\"") {
                name = String(name.dropFirst().dropLast())
            }
            address = String(text[text.index(after: start)...].dropLast())
        }
        guard MailText.isLine(name), let address = try? EmailAddress(address) else { return nil }
        self.name = name
        self.address = address
    }

    package var description: String { name.isEmpty ? "\(address)" : "\(name) <\(address)>" }

    /// As the value of a header.
    var encoded: String {
        if name.isEmpty { return "\(address)" }
        guard MailText.isPlain(name) else { return "\(MailText.encodedWords(name))\r\n <\(address)>" }
        let quoted = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(quoted)\"\r\n <\(address)>"
    }
}
