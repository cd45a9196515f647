import Testing

@testable import Outgoing

@Suite("Where mail is handed over")
struct SMTPAddressTests {
    @Test(
        "is a host, with the scheme's port where none is named",
        arguments: [
            ("smtp://mail.example.com", "smtp://mail.example.com:587"),
            ("smtps://Mail.example.com/", "smtps://mail.example.com:465"),
            ("smtp://localhost:25", "smtp://localhost:25"), ("smtp://[::1]:2525", "smtp://[::1]:2525"),
        ])
    func taken(text: String, whole: String) throws {
        #expect(try #require(SMTPAddress(text)).description == whole)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://a@mail.example.com", "smtp://a:b@c",
            "smtp://mail.example.com/path", "smtp://mail.example.com?x", "smtp://mail.example.com#x", "smtp://a:0",
            "smtp://a:70000", "smtp://a b", "smtp://a\r\nb",
        ])
    func refused(text: String) {
        #expect(SMTPAddress(text) == nil)
    }
}

@Suite("What a mail server answers")
struct SMTPReplyTests {
    private func replies(_ text: String) -> [SMTPReply] {
        SMTPReply.all(in: Array(text.replacing("\n", with: "\r\n").utf8))
    }

    @Test("is a number and a text, which may have several lines; the farewell is not counted")
    func read() {
        let replies = replies("220 hello\n250-mail.example.com\n250-SIZE 10\n250 HELP\n550 5.1.1 Nobody\n221 Bye\n")
        #expect(replies.map(\.code) == [220, 250, 550])
        #expect(replies.map(\.text) == ["220 hello", "250 mail.example.com / SIZE 10 / HELP", "550 5.1.1 Nobody"])
    }

    @Test("is shown without what a terminal or a log would obey, and not at any length")
    func shown() {
        let text =
            replies("550 a\u{1B}[2J\u{202E}\u{85}b" + String(repeating: "x", count: 9999) + "\n").first?.text ?? ""
        #expect(text.hasPrefix("550 a\u{FFFD}[2J\u{FFFD}\u{FFFD}b") && text.unicodeScalars.count == 400)
    }

    @Test("is nothing where it is nonsense", arguments: ["", "\n\n", "hello\n", "25\n", "---\n", "250-never ends\n"])
    func nonsense(text: String) {
        #expect(replies(text).isEmpty)
    }
}
