import Names
import Testing

@Suite("Names that look alike")
struct NameTests {
    @Test(
        "have the same key",
        arguments: [
            ("admin", "adm1n"), ("admin", "ADMIN"), ("admin", "аdmin"), ("admin", "admín"),
            ("admin", "ad-min"), ("Titania", "Tıtania"), ("oberon", "0ber0n"), ("paypal", "раураl"),
            ("Titania Moonweaver", "titania  moonweaver."), ("modern", "rnodern"), ("scope", "ѕсоре"), ("Ada", "𝐀𝐝𝐚"),
            ("Zoë", "Zoe"),
        ])
    func same(one: String, other: String) {
        #expect(NameKey(one) != nil && NameKey(one) == NameKey(other), "\(one) \(other)")
    }

    @Test("others have not", arguments: [("anna", "annа b"), ("puck", "pack"), ("李小龍", "李小狼")])
    func different(one: String, other: String) {
        #expect(NameKey(one) != NameKey(other))
    }

    @Test("have no key where there is nothing to read", arguments: ["", "🌙", "!?", " "])
    func none(name: String) {
        #expect(NameKey(name) == nil)
    }

    @Test("A long name has a key, and the same each time")
    func long() {
        let name = String(repeating: "ﷺ", count: 64)
        #expect(NameKey(name) != nil && NameKey(name) == NameKey(name))
    }

    @Test(
        "Scripts are mixed as no language mixes them",
        arguments: ["Тitania", "Pαul", "аdmin", "Anna Анна", "Ԝikipedia"])
    func mixed(name: String) {
        #expect(NameCharacters.mixesScripts(name))
    }

    @Test(
        "Scripts are mixed as languages do, or not at all",
        arguments: [
            "Titania", "Titania 🌙 7", "Анна Каренина", "李 Bruce", "ソニーSony です", "김 Kim", "Ελένη", "محمد",
            "Zoë O’Hara-Łęcka",
        ])
    func plain(name: String) {
        #expect(!NameCharacters.mixesScripts(name) && !NameCharacters.hidesSomething(name))
    }

    @Test(
        "What cannot be seen is found",
        arguments: [
            "a\u{200B}b", "a\u{202E}b", "a\u{2066}b", "\u{FEFF}a", "a\u{00AD}b", "a\u{200D}b", "a\u{2060}", "\u{3164}",
            "a\u{200F}",
        ])
    func hidden(name: String) {
        #expect(NameCharacters.hidesSomething(name))
    }

    @Test("What joins emoji is no secret", arguments: ["👨‍👩‍👧 Family", "🏳️‍🌈", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
    func pictures(name: String) {
        #expect(!NameCharacters.hidesSomething(name))
    }
}
