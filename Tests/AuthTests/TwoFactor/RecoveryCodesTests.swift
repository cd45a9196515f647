import Foundation
import Model
import Testing

@testable import Auth

@Suite("Recovery codes")
struct RecoveryCodesTests {
    private let puck = UserID(rawValue: 7)

    @Test("are ten, all different, in five groups of four")
    func shape() {
        let (texts, codes) = RecoveryCodes.fresh(for: puck)
        #expect(texts.count == 10 && Set(texts).count == 10 && codes.hashes.count == 10)
        #expect(texts.allSatisfy { $0.wholeMatch(of: /([A-Z0-9]{4}-){4}[A-Z0-9]{4}/) != nil })
        #expect(codes.hashes.allSatisfy { $0.count == 32 })
    }

    @Test("have at least 64 bits, of symbols that look like no other")
    func symbols() {
        let alphabet = Set(RecoveryCodes.alphabet)
        #expect(alphabet.count == RecoveryCodes.alphabet.count)
        #expect(log2(Double(alphabet.count)) * Double(RecoveryCodes.symbols) >= 64)
        for alike in ["0ODQ", "1IL", "2Z", "5S", "8B", "6G", "UV"] {
            #expect(alphabet.intersection(alike).count <= 1, "\(alike)")
        }
    }

    @Test("use every symbol in every place")
    func even() {
        let texts = (0..<100).flatMap { _ in RecoveryCodes.fresh(for: puck).texts }
            .map { Array($0.replacing("-", with: "")) }
        for place in 0..<RecoveryCodes.symbols {
            #expect(Set(texts.map { $0[place] }) == Set(RecoveryCodes.alphabet))
        }
    }

    @Test("are good once each")
    func once() {
        var (texts, codes) = RecoveryCodes.fresh(for: puck)
        for (index, text) in texts.enumerated() {
            let before = codes.hashes
            let used = codes.redeem(text, by: puck)
            #expect(used.map { before.subtracting([$0]) } == codes.hashes && codes.hashes.count == 9 - index)
            #expect(codes.redeem(text, by: puck) == nil)
        }
    }

    @Test("may be typed in any case, with or without spaces and dashes")
    func forgiving() throws {
        let (texts, codes) = RecoveryCodes.fresh(for: puck)
        let text = try #require(texts.first)
        for typed in [
            text.lowercased(), text.replacing("-", with: ""), text.replacing("-", with: " "), "  \(text)\t\n",
            text.replacing("-", with: "\u{2013}"), text.replacing("-", with: "\u{2011}"),
            text.replacing("-", with: "\u{A0}"),
        ] {
            var left = codes
            #expect(left.redeem(typed, by: puck) != nil, "\(typed)")
        }
    }

    @Test("are refused with a symbol changed, missing or added, and change nothing then")
    func wrong() throws {
        var (texts, codes) = RecoveryCodes.fresh(for: puck)
        let text = try #require(texts.first)
        let all = codes
        let changed = text.prefix(19) + (text.hasSuffix("3") ? "4" : "3")
        for bad in [
            "", "-", String(text.dropLast()), text + "3", text + text, text + "\u{301}", String(changed.prefix(20)),
            text.dropLast() + (text.hasSuffix("3") ? "4" : "3"), String(repeating: " ", count: 500) + text,
        ] {
            #expect(codes.redeem(bad, by: puck) == nil, "\(bad)")
        }
        #expect(codes == all)
    }

    @Test("of one person are nothing for another")
    func others() throws {
        var (texts, codes) = RecoveryCodes.fresh(for: puck)
        #expect(codes.redeem(try #require(texts.first), by: UserID(rawValue: 8)) == nil)
    }

    @Test("are good from what was kept of them")
    func kept() throws {
        let (texts, codes) = RecoveryCodes.fresh(for: puck)
        var kept = RecoveryCodes(hashes: codes.hashes)
        #expect(try kept.redeem(#require(texts.last), by: puck) != nil)
    }
}
