import Auth
import Crypto
import Foundation
import Testing

@Suite("Tokens that can be told from other texts")
struct MarkedTokenTests {
    /// Made with Python's `zlib.crc32`.
    private static let published = [
        ("parley_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcd16SYp3", MarkedToken.Kind.personal),
        ("parley_hook_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa3P1Smg", .hook),
    ]

    @Test("have the check sum that zlib computes", arguments: published)
    func sum(text: String, kind: MarkedToken.Kind) throws {
        #expect(MarkedToken(text, kind)?.text == text)
    }

    @Test("are never the same, and are read back", arguments: MarkedToken.Kind.allCases)
    func fresh(kind: MarkedToken.Kind) throws {
        let tokens = (0..<100).map { _ in MarkedToken(kind) }
        #expect(Set(tokens.map(\.text)).count == 100)
        for token in tokens {
            #expect(token.text.utf8.count == MarkedToken.count(kind))
            #expect(MarkedToken(token.text, kind) == token)
            #expect(token.hash == Data(SHA256.hash(data: Data(token.text.utf8))))
        }
    }

    @Test("are refused where one character is another, is missing, or is one too many")
    func wrong() {
        let token = MarkedToken(.personal).text
        for index in token.indices {
            var changed = token
            changed.replaceSubrange(index...index, with: token[index] == "x" ? "y" : "x")
            #expect(MarkedToken(changed, .personal) == nil, "\(changed)")
        }
        for other in ["", "parley_pat_", String(token.dropLast()), token + "0", " " + token, "é" + token.dropFirst()] {
            #expect(MarkedToken(other, .personal) == nil, "\(other)")
        }
        #expect(MarkedToken(token, .hook) == nil)
    }
}
