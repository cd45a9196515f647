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
