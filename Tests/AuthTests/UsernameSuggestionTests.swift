import Model
import Testing

@testable import Auth

@Suite("Usernames made of what somebody is called elsewhere")
struct UsernameSuggestionTests {
    @Test(
        "are what is left of it in letters, digits, dots and hyphens",
        arguments: [
            ("Zoë Ångström", "zoe-angstrom"), ("pease.blossom", "pease.blossom"), ("O'Neill", "oneill"),
            ("--x--y--", "x-y"), ("ab", "ab"), ("\u{202E}evil\u{0}name", "evil-name"), ("ＷＩＤＥ", "wide"),
        ])
    func stem(text: String, expected: String) {
        #expect(Array(UsernameSuggestions([text]).prefix(1)).first == expected)
    }

    @Test("never end, never break the rules, and are never too long")
    func rules() throws {
        for wishes in [
            [], [""], ["x"], ["\u{1F98B}"], [String(repeating: "long name ", count: 20)], ["a", "b", "moth"],
        ] {
            let suggestions = Array(UsernameSuggestions(wishes))
            #expect(suggestions.count > 100)
            for suggestion in suggestions { #expect(try Rules.username(suggestion) == suggestion) }
        }
    }

    @Test("take the first wish that can be one, then the others, then numbers")
    func order() {
        #expect(
            Array(UsernameSuggestions(["\u{1F98B}", "moth", "mote"]).prefix(4)) == ["moth", "mote", "moth2", "moth3"])
    }
}
