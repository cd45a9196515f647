import Model
import Testing

@Suite("A mail address")
struct EmailAddressTests {
    @Test(
        "is taken as it was typed, with the domain as the DNS has it",
        arguments: [
            ("titania@example.com", "titania@example.com"), ("Titania@EXAMPLE.com", "Titania@example.com"),
            ("titania+fairies@example.com", "titania+fairies@example.com"),
            ("o'brien_x=y@a-b.example", "o'brien_x=y@a-b.example"), ("  puck@example.com ", "puck@example.com"),
            ("\"robin good\"@example.com", "\"robin good\"@example.com"),
            ("\"a@b\\\"c\"@example.com", "\"a@b\\\"c\"@example.com"), ("root@localhost", "root@localhost"),
            ("puck@bücher.example", "puck@xn--bcher-kva.example"),
            ("puck@BÜCHER.example", "puck@xn--bcher-kva.example"),
            ("puck@faß.de", "puck@xn--fa-hia.de"), ("puck@例え。テスト", "puck@xn--r8jz45g.xn--zckzah"),
            ("puck@пример.испытание", "puck@xn--e1afmkfd.xn--80akhbyknj4f"),
        ])
    func taken(text: String, written: String) throws {
        #expect(try EmailAddress(text).description == written)
    }

    @Test(
        "that is malformed is refused, with a sentence for its field",
        arguments: [
            "", "@", "titania", "titania@", "@example.com", "a b@example.com", "a..b@example.com", ".a@example.com",
            "a.@example.com", "a@b@example.com", "a@example..com", "a@.example.com", "a@example.com.",
            "a@-example.com", "a@example-.com", "a@exa_mple.com", "a@192.0.2.1", "\"a@example.com", "\"\"@example.com",
            "\"a\"b\"@example.com", "\"a\\\"@example.com", "a@example.com,b@example.com", "A <a@example.com>",
            "a@exam\u{AD}ple.com", "a@exa\u{200D}mple.com", "a@\u{301}a.com", "a\u{301}@example.com", "a@\u{2100}.com",
        ])
    func refused(text: String) throws {
        let error = try #require(throws: ChatError.self) { try EmailAddress(text) }
        #expect(error.code == .invalidField && error.field == "email" && error.message.hasSuffix("."))
    }

    @Test(
        "cannot end a line, nor begin another header or command",
        arguments: [
            "a@example.com\r\nBcc: b@example.com", "a\r\n@example.com", "\"a\r\nb\"@example.com", "a@example.com\n",
            "a@example.com\r", "\na@example.com", "a\0@example.com", "\"\u{7F}\"@example.com", "a@exam\u{85}ple.com",
            "a@example.com\u{2028}b", "a@example.com> SIZE=1",
        ])
    func injection(text: String) {
        #expect(throws: ChatError.self) { try EmailAddress(text) }
    }

    @Test("has a sentence of its own for what is possible elsewhere, but not here")
    func sentences() throws {
        let foreign = try #require(throws: ChatError.self) { try EmailAddress("пак@example.com") }
        let literal = try #require(throws: ChatError.self) { try EmailAddress("puck@[192.0.2.1]") }
        #expect(foreign.message.contains("ASCII"))
        #expect(literal.message.contains("brackets"))
    }

    @Test("has at most 254 octets, and 64 of them before the @")
    func lengths() throws {
        let label = String(repeating: "a", count: 61)
        let domain = "\(label).\(label).\(label)"
        let local = { String(repeating: "x", count: $0) }
        #expect(try EmailAddress("\(local(64))@\(domain)").description.utf8.count == 250)
        #expect(throws: ChatError.self) { try EmailAddress("\(local(65))@\(domain)") }
        #expect(try EmailAddress("\(local(64))@\(domain).com").description.utf8.count == 254)
        #expect(throws: ChatError.self) { try EmailAddress("\(local(64))@\(domain).info") }
        #expect(throws: ChatError.self) { try EmailAddress("a@\(String(repeating: "a", count: 64)).com") }
        #expect(throws: ChatError.self) { try EmailAddress("a@\(String(repeating: "é", count: 64)).com") }
    }

    @Test("is the same mailbox whatever its case, its quotes and the form of its domain; a plus makes another one")
    func normalized() throws {
        let same = ["Titania@Example.com", "\"titania\"@example.COM", "\"tit\\ania\"@example.com"]
        for text in same { #expect(try EmailAddress(text).normalized == "titania@example.com") }
        #expect(try EmailAddress("a@bücher.example").normalized == EmailAddress("a@XN--BCHER-KVA.example").normalized)
        #expect(try EmailAddress("\"a  b\"@example.com").normalized == "\"a  b\"@example.com")
        #expect(try EmailAddress("titania+x@example.com").normalized != "titania@example.com")
    }
}
