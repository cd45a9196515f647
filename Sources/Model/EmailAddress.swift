/// An address that mail can be sent to (RFC 5321, section 4.1.2). It holds nothing that could end a line or begin another
/// header.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// As it is written to the mail server: what is before the `@` as it was typed, the domain as A-labels.
    package let description: String
    /// By what two addresses are the same mailbox: without regard to case, and to quotes that are not needed. RFC 5321
    /// lets a server tell `Titania@` from `titania@`; none that people use does, and two accounts must not differ by it.
    package let normalized: String
    /// What is behind the `@`, in lower case.
    package let domain: String

    /// Longest address, in octets (RFC 5321, section 4.5.3.1.3, without the angle brackets).
    package static let octetsMax = 254
    /// Longest part before the `@`, in octets (section 4.5.3.1.1).
    package static let localOctetsMax = 64

    /// - Throws: `invalid_field` with the sentence to show.
    package init(_ raw: String, field: String? = "email") throws(ChatError) {
        do {
            try self.init(parsing: raw)
        } catch {
            throw ChatError(error.code, error.message, field: field)
        }
    }

    private init(parsing raw: String) throws(ChatError) {
        // Two characters of a line that somebody pasted.
        let text = raw.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        guard let at = text.lastIndex(of: "@"), at != text.startIndex else { throw Self.malformed }
        let local = String(text[..<at])
        guard local.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw ChatError(
                .invalidField,
                "Before the @ only ASCII characters are possible here: no mail server is sure to take others.")
        }
        guard local.utf8.count <= Self.localOctetsMax, let name = Self.unquoted(local) else { throw Self.malformed }
        domain = try MailDomain.ascii(String(text[text.index(after: at)...]))
        description = "\(local)@\(domain)"
        normalized = "\(Self.isDotAtom(name) ? name : Self.quoted(name))@\(domain)".lowercased()
        guard description.utf8.count <= Self.octetsMax else {
            throw ChatError(.invalidField, "An e-mail address has at most \(Self.octetsMax) characters.")
        }
    }

    /// What a local part says, without its quotes; `nil` for one that is malformed.
    private static func unquoted(_ local: String) -> String? {
        guard local.hasPrefix("\"") else { return isDotAtom(local) ? local : nil }
        guard local.utf8.count > 2, local.hasSuffix("\"") else { return nil }
        var name = ""
        var isEscaped = false
        for scalar in local.unicodeScalars.dropFirst().dropLast() {
            guard (0x20...0x7E).contains(scalar.value) else { return nil }
            if !isEscaped, scalar == "\\" {
                isEscaped = true
                continue
            }
            guard isEscaped || scalar != "\"" else { return nil }
            isEscaped = false
            name.unicodeScalars.append(scalar)
        }
        return isEscaped ? nil : name
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Words of `atext` (RFC 5322, section 3.2.3) with single dots between them.
    private static func isDotAtom(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty
                && word.unicodeScalars.allSatisfy { scalar in
                    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                        || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
                }
        }
    }

    private static let malformed = ChatError(
        .invalidField, "This is no e-mail address, such as titania@example.com.")
}
