import Model
import Testing

@Suite("The word filter")
struct WordFilterTests {
    private static func filter(_ list: String, _ action: WordFilter.Action = .mask) throws -> WordFilter {
        try #require(WordFilter(list, action: action))
    }

    @Test(
        "finds a word where it stands by itself, and with * also inside of others",
        arguments: [
            ("bad", "a bad day", "a *** day"), ("bad", "badly embad Bad!", "badly embad ***!"),
            ("bad*", "badly embad", "***ly embad"), ("*bad", "badly embad", "badly em***"),
            ("*bad*", "xbadx", "x***x"), ("bad,day", "bad day", "*** ***"),
            ("he,she*", "she he ushers", "*** ** ushers"),
            ("*she*,*he*", "ushers", "u***rs"), ("bad", "bad_bad-bad", "***_***-***"), ("a", "aaa a", "aaa *"),
        ])
    func words(list: String, text: String, masked: String) throws {
        #expect(try Self.filter(list).checked(text) == masked)
    }

    @Test(
        "sees through case, accents, widths and invisible characters",
        arguments: [
            ("bad", "BÀD", "***"), ("bad", "b\u{200B}ad", "***"), ("bad", "ｂａｄ", "***"),
            ("bad", "ba\u{0301}d.", "***."), ("élan", "Elan", "****"), ("fish", "ﬁsh", "***"),
            ("плохо", "ПЛОХО", "*****"),
        ])
    func folded(list: String, text: String, masked: String) throws {
        #expect(try Self.filter(list).checked(text) == masked)
    }

    @Test("refuses with a code of its own where it does not mask")
    func refuse() throws {
        let filter = try Self.filter("bad", .refuse)
        #expect { try filter.checked("so bad") } throws: { ($0 as? ChatError)?.code == .textRefused }
        #expect(try filter.checked("so good") == "so good")
    }

    @Test("keeps names, topics, bios and statuses free of the words, also where messages are masked")
    func names() throws {
        var limits = Limits()
        limits.wordFilter = try Self.filter("bad*")
        let refused: [(String, () throws -> Void)] = [
            ("name", { _ = try Rules.name("A Baddie", field: "name", limits: limits) }),
            ("topic", { _ = try Rules.topic("so bad", limits: limits) }),
            ("bio", { _ = try Rules.bio("so\nbad", limits: limits) }),
            ("status", { _ = try Rules.status(emoji: "", text: "bàd", seconds: nil, now: .now, limits: limits) }),
            ("username", { _ = try Rules.allowed("bad.puck", field: "username", limits: limits) }),
        ]
        for (field, attempt) in refused {
            #expect(throws: ChatError(.invalidField, "This server does not take one of these words.", field: field)) {
                try attempt()
            }
        }
        #expect(try Rules.name("A good one", field: "name", limits: limits) == "A good one")
        #expect(try Rules.reason("said bad things", limits: limits) == "said bad things")
    }

    @Test("takes no list without words", arguments: ["", " , ", "*", "**", "a*b", "two words", "bad,!"])
    func noWords(list: String) {
        #expect(WordFilter(list, action: .mask) == nil)
    }

    @Test("takes time that grows with the text, whatever the words are")
    func linear() throws {
        let words = (1...60).map { "*" + String(repeating: "a", count: $0) + "*" }.joined(separator: ",")
        let filter = try Self.filter(words)
        let text = String(repeating: "a", count: 4000)
        #expect(try filter.checked(text) == String(repeating: "*", count: 4000))
    }
}
