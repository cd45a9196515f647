import Model
import Testing

@Suite("What names and texts may look like")
struct RulesTests {
    private let limits = Limits()

    @Test("A username is folded to lower case", arguments: [("Titania", "titania"), ("a.b_c-9", "a.b_c-9")])
    func usernameFolds(raw: String, folded: String) throws {
        #expect(try Rules.username(raw) == folded)
    }

    @Test(
        "A username that could be mistaken, or break an address, is refused",
        arguments: [
            "", "a", ".ab", "-ab", "_ab", "a b", "a/b", "тitania", "tita\u{200B}nia", "a\u{0}b", "İstanbul", "ﬀ",
            "' OR 1=1 --", "<script>", String(repeating: "a", count: 33),
        ])
    func usernameRefuses(raw: String) {
        #expect { try Rules.username(raw) } throws: { ($0 as? ChatError)?.field == "username" }
    }

    @Test(
        "A shown name is free text in one line",
        arguments: ["Titania Moonweaver", "נועה", "🧚‍♀️", "Robert'); DROP--", "<b>"])
    func nameAccepts(raw: String) throws {
        #expect(try Rules.name(raw, field: "name", limits: limits) == raw)
    }

    @Test(
        "A shown name that cannot be seen, or breaks the line, is refused",
        arguments: ["", "   ", "\u{200B}\u{202E}", "a\nb", "a\u{0}b", "a\u{2028}b", String(repeating: "a", count: 65)])
    func nameRefuses(raw: String) {
        #expect(throws: ChatError.self) { try Rules.name(raw, field: "name", limits: limits) }
    }

    @Test(
        "A text is kept exactly as it was sent",
        arguments: [
            "Hello", " two\n lines ", "\u{202E}right to left", "zero\u{200B}width", "👩‍👩‍👧‍👦", "'; DROP TABLE message; --",
        ])
    func textIsKept(raw: String) throws {
        #expect(try Rules.text(raw, limits: limits) == raw)
    }

    @Test("A text with nothing to see is empty", arguments: ["", " ", "\n\t", "\u{200B}", "\u{202E}\u{2060}"])
    func textEmpty(raw: String) {
        #expect { try Rules.text(raw, limits: limits) } throws: { ($0 as? ChatError)?.code == .textEmpty }
    }

    @Test("A text's length counts Unicode scalars, so that one letter with many marks is not one character")
    func textLength() throws {
        _ = try Rules.text(String(repeating: "a", count: 4000), limits: limits)
        for text in [String(repeating: "a", count: 4001), "a" + String(repeating: "\u{301}", count: 4000)] {
            #expect { try Rules.text(text, limits: limits) } throws: { ($0 as? ChatError)?.code == .textTooLong }
        }
    }

    @Test("NUL in a text is refused with a sentence")
    func textNUL() {
        #expect { try Rules.text("a\0b", limits: limits) } throws: { ($0 as? ChatError)?.code == .invalidField }
    }

    @Test(
        "A slug is made of what fits in the name",
        arguments: [
            ("Moonlit Glade", "moonlit-glade"), ("  C++ & Swift! ", "c-swift"), ("--a--", "a"), ("Ünïcode", "n-code"),
            ("房间", ""),
        ])
    func slugFromName(name: String, slug: String) {
        #expect(Rules.slug(fromName: name) == slug)
    }

    @Test("A slug from a long name is still a slug")
    func slugFromLongName() {
        let slug = Rules.slug(fromName: String(repeating: "ab ", count: 40))
        #expect(Rules.isSlug(slug))
    }

    @Test(
        "A slug with anything but lower-case letters, digits and inner hyphens is refused",
        arguments: ["", "-a", "a-", "A", "a/b", "..", "a b"])
    func slugRefuses(raw: String) {
        #expect(throws: ChatError.self) { try Rules.slug(raw) }
    }

    @Test("A password is bounded from below in characters and from above in bytes")
    func password() throws {
        try Rules.password("faerie12", limits: limits)
        #expect(throws: ChatError.self) { try Rules.password("faerie1", limits: limits) }
        #expect(throws: ChatError.self) { try Rules.password(String(repeating: "é", count: 513), limits: limits) }
    }
}
