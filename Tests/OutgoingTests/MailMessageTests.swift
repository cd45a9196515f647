import Foundation
import Model
import Testing

@testable import Outgoing

@Suite("A mail")
struct MailMessageTests {
    private func message(
        from: String = "Parley <chat@example.com>", subject: String = "Hello", text: String = "Hi.\n",
        html: String = "<p>Hi.</p>", id: String = "abc-1"
    ) throws -> MailMessage {
        try MailMessage(
            from: try #require(Mailbox(from)), to: try EmailAddress("titania@example.net"),
            letter: Letter(subject: subject, text: text, html: html), id: id,
            date: Timestamp(milliseconds: 1_772_323_445_678))
    }

    private func lines(_ message: MailMessage) -> [String] {
        String(decoding: message.bytes, as: UTF8.self).components(separatedBy: "\r\n")
    }

    @Test("has the headers that mail has, and says that a machine wrote it")
    func headers() throws {
        #expect(
            Array(try lines(message()).prefix(10)) == [
                "Date: Sun, 01 Mar 2026 00:04:05 +0000", "From: \"Parley\"",
                " <chat@example.com>",
                "To: <titania@example.net>", "Message-ID: <abc-1@example.com>", "Subject: Hello",
                "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: multipart/alternative;",
                " boundary=\"=_abc-1\"",
            ])
    }

    @Test("has its text first and its HTML second, between boundaries")
    func parts() throws {
        #expect(
            Array(try lines(message(text: "One\nTwo\r\nThree\rFour")).dropFirst(10)) == [
                "", "--=_abc-1", "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable", "", "One", "Two", "Three", "Four", "--=_abc-1",
                "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
                "<p>Hi.</p>", "--=_abc-1--", "",
            ])
    }

    @Test(
        "is refused where its subject could end a line",
        arguments: ["a\r\nBcc: puck@example.com", "a\nb", "a\rb", "a\u{85}b", "a\u{2028}b", "a\0b", "\u{1B}[2J"])
    func injection(subject: String) {
        #expect(throws: MailMessageError.subjectNotOneLine) { try message(subject: subject) }
    }

    @Test("is refused where something in it is too long, or its id is none")
    func limits() throws {
        #expect(throws: MailMessageError.subjectTooLong) { try message(subject: String(repeating: "a", count: 257)) }
        let long = String(repeating: "a", count: MailMessage.bodyBytesMax + 1)
        #expect(throws: MailMessageError.bodyTooLong) { try message(text: long) }
        #expect(throws: MailMessageError.bodyTooLong) { try message(html: long) }
        for id in ["", "a b", "a>\r\n", "a@b", "A"] {
            #expect(throws: MailMessageError.malformedID) { try message(id: id) }
        }
        let ids = Set(try (0..<100).map { _ in try message(id: MailMessage.makeID()).id })
        #expect(ids.count == 100)
    }

    @Test(
        "has only ASCII in it, in lines of at most 76 octets",
        arguments: ["ä", "😀", "w ", "=", "\t", "a\u{301}", "日本", "."])
    func width(piece: String) throws {
        let subject = String(repeating: piece == "\t" ? "x" : piece, count: 120)
        let text = String(repeating: piece, count: 500)
        let message = try message(
            from: "Pärley 日本 \(subject.prefix(20)) <chat@example.com>", subject: subject, text: text)
        #expect(message.bytes.allSatisfy { $0 < 0x80 })
        for line in lines(message) { #expect(line.utf8.count <= 76 && !line.hasPrefix("."), "\(line)") }
    }

    @Test("is decoded to what was written", arguments: ["Grüße & =?UTF-8?", "a  b \n c\t\n", "=3D", "😀\u{200D}👩", ""])
    func decoded(text: String) throws {
        let whole = MailText.quotedPrintable(text)
        // By RFC 2045, section 6.7: soft breaks go away, `=XX` is an octet.
        var octets: [UInt8] = []
        var rest = Array(whole.replacing("=\r\n", with: "").utf8)[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "=") else {
                octets.append(octet)
                continue
            }
            octets.append(try #require(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)))
            rest = rest.dropFirst(2)
        }
        #expect(String(decoding: octets, as: UTF8.self) == text.replacing("\n", with: "\r\n"))
        for line in whole.components(separatedBy: "\r\n") { #expect(line.last?.isWhitespace != true) }
    }

    @Test("has a subject in words that each are whole characters")
    func words() throws {
        let subject = String(repeating: "Größe 日本 😀 ", count: 10)
        let words = MailText.encodedWords(subject).components(separatedBy: "\r\n ")
        #expect(words.count > 1)
        let decoded = try words.map { word in
            #expect(word.utf8.count <= 75 && word.hasPrefix("=?UTF-8?B?") && word.hasSuffix("?="))
            let bytes = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
            return try #require(String(validating: bytes, as: UTF8.self))
        }
        #expect(decoded.joined() == subject)
    }
}

@Suite("Whom mail comes from")
struct MailboxTests {
    @Test(
        "is an address, maybe with a name",
        arguments: [
            ("chat@example.com", "", "chat@example.com"),
            ("\"Parley\" <chat@example.com>", "Parley", "\"Parley\"\r\n <chat@example.com>"),
            ("<chat@example.com>", "", "chat@example.com"),
            ("Parley <chat@example.com>", "Parley", "\"Parley\"\r\n <chat@example.com>"),
            ("The \"Duke\" <a@example.com>", "The \"Duke\"", "\"The \\\"Duke\\\"\"\r\n <a@example.com>"),
            ("Pärley <a@example.com>", "Pärley", "=?UTF-8?B?UMOkcmxleQ==?=\r\n <a@example.com>"),
        ])
    func taken(text: String, name: String, header: String) throws {
        let mailbox = try #require(Mailbox(text))
        #expect(mailbox.name == name && mailbox.encoded == header)
    }

    @Test(
        "is refused where it is none",
        arguments: ["", "Parley", "Parley <>", "Parley <a@b", "a@b, c@d", "A\r\nBcc: x <a@example.com>", "A\n<a@b.c>"])
    func refused(text: String) {
        #expect(Mailbox(text) == nil)
    }
}
