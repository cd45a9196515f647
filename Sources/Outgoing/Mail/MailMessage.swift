import Foundation
package import Model

/// One mail as it goes over the wire (RFC 5322, RFC 2046): the same as text and as HTML, in UTF-8.
package struct MailMessage: Sendable {
    /// Longest text, and longest HTML, in bytes.
    package static let bodyBytesMax = 262_144
    /// Longest subject, in characters (Unicode scalars).
    package static let subjectCharactersMax = 256

    package let from: Mailbox
    package let to: EmailAddress
    package let letter: Letter
    /// What is before the `@` of its Message-ID: the same each time that it is sent.
    package let id: String
    package let date: Timestamp

    /// - Throws: `MailMessageError`.
    package init(
        from: Mailbox, to: EmailAddress, letter: Letter, id: String, date: Timestamp
    ) throws(MailMessageError) {
        guard MailText.isLine(letter.subject) else { throw .subjectNotOneLine }
        guard letter.subject.unicodeScalars.count <= Self.subjectCharactersMax else { throw .subjectTooLong }
        guard letter.text.utf8.count <= Self.bodyBytesMax, letter.html.utf8.count <= Self.bodyBytesMax else {
            throw .bodyTooLong
        }
        guard !id.isEmpty, id.utf8.allSatisfy({ Self.idLetters.contains($0) }) else { throw .malformedID }
        self.from = from
        self.to = to
        self.letter = letter
        self.id = id
        self.date = date
    }

    /// The whole of it; each line ends with CR LF.
    package var bytes: [UInt8] {
        // No line of a quoted-printable part can have an underscore behind `=`.
        let boundary = "=_\(id)"
        let head = [
            "Date: \(Self.written(date))",
            "From: \(from.encoded)",
            "To: <\(to)>",
            "Message-ID: <\(id)@\(from.address.domain)>",
            "Subject: \(MailText.header(letter.subject))",
            // Nobody's holiday is to answer it (RFC 3834, section 5).
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"",
        ]
        let parts = [("plain", letter.text), ("html", letter.html)].map { kind, text in
            """
            --\(boundary)\r
            Content-Type: text/\(kind); charset=utf-8\r
            Content-Transfer-Encoding: quoted-printable\r
            \r
            \(MailText.quotedPrintable(text))\r

            """
        }
        let whole = head.joined(separator: "\r\n") + "\r\n\r\n" + parts.joined() + "--\(boundary)--\r\n"
        return Array(whole.utf8)
    }

    /// A new id, which nobody can guess.
    package static func makeID() -> String {
        UUID().uuidString.lowercased()
    }

    private static let idLetters = Set("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)

    /// `Thu, 01 Jan 1970 00:00:00 +0000` (RFC 5322, section 3.3). By hand, since a formatter asks for the locale.
    static func written(_ date: Timestamp) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 2026-01-02T03:04:05.678Z
        let text = Array(date.iso8601.utf8)
        let part = { (range: Range<Int>) in String(decoding: text[range], as: UTF8.self) }
        let day = days[(Int(date.milliseconds / 86_400_000) % 7 + 7) % 7]
        let month = months[(Int(part(5..<7)) ?? 1) - 1]
        return "\(day), \(part(8..<10)) \(month) \(part(0..<4)) \(part(11..<19)) +0000"
    }
}

/// A mail that cannot be written.
package enum MailMessageError: Error, Hashable, Sendable, CustomStringConvertible {
    case subjectNotOneLine
    case subjectTooLong
    case bodyTooLong
    case malformedID

    package var description: String {
        switch self {
        case .subjectNotOneLine: "A mail's subject is one line, without control characters."
        case .subjectTooLong: "A mail's subject has at most \(MailMessage.subjectCharactersMax) characters."
        case .bodyTooLong: "A mail's text has at most \(MailMessage.bodyBytesMax) bytes."
        case .malformedID: "A mail's id has only letters, digits and hyphens."
        }
    }
}
