import Foundation
import FuzzTargets
import Testing

@testable import WebAuthn

@Suite("CBOR")
struct CBORTests {
    private func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0..<$0 + 2]), radix: 16) }
    }

    private func refusal(_ bytes: [UInt8]) -> CBORError? {
        do throws(CBORError) {
            _ = try CBORReader.value(bytes)
            return nil
        } catch { return error }
    }

    @Test(
        "is read as RFC 8949, appendix A, says, and written the same",
        arguments: [
            ("00", CBORValue.integer(0)), ("17", .integer(23)), ("1818", .integer(24)), ("1864", .integer(100)),
            ("1903e8", .integer(1000)), ("1a000f4240", .integer(1_000_000)),
            ("1b000000e8d4a51000", .integer(1_000_000_000_000)), ("20", .integer(-1)), ("3863", .integer(-100)),
            ("3903e7", .integer(-1000)), ("1b7fffffffffffffff", .integer(.max)), ("3b7fffffffffffffff", .integer(.min)),
            ("f4", .bool(false)), ("f5", .bool(true)), ("f6", .null), ("40", .bytes([])),
            ("4401020304", .bytes([1, 2, 3, 4])), ("60", .text("")), ("6449455446", .text("IETF")),
            ("62225c", .text("\"\\")), ("62c3bc", .text("\u{FC}")), ("64f0908591", .text("\u{10151}")),
            ("80", .array([])),
            (
                "8301820203820405",
                .array([.integer(1), .array([.integer(2), .integer(3)]), .array([.integer(4), .integer(5)])])
            ),
            ("a0", .map([])),
            (
                "a26161016162820203",
                .map([
                    CBORPair(key: .text("a"), value: .integer(1)),
                    CBORPair(key: .text("b"), value: .array([.integer(2), .integer(3)])),
                ])
            ),
        ])
    func vectors(hex: String, value: CBORValue) throws {
        #expect(try CBORReader.value(bytes(hex)) == value)
        #expect(value.encoded == bytes(hex))
        for count in 0..<hex.count / 2 {
            #expect(refusal(Array(bytes(hex).prefix(count))) == .truncated)
        }
        #expect(refusal(bytes(hex) + [0]) == .trailingBytes)
    }

    @Test(
        "is refused where CTAP2 does not allow it",
        arguments: [
            ("1817", CBORError.notShortest), ("190018", .notShortest), ("1a0000ffff", .notShortest),
            ("1b00000000ffffffff", .notShortest), ("5800", .notShortest), ("b80100", .notShortest), ("1c", .reserved),
            ("fc", .reserved), ("5f4100ff", .indefiniteLength), ("9fff", .indefiniteLength),
            ("bfff", .indefiniteLength),
            ("ff", .indefiniteLength), ("c000", .tag), ("d9d9f700", .tag), ("f7", .unsupportedSimpleValue),
            ("f90000", .unsupportedSimpleValue), ("fb3ff199999999999a", .unsupportedSimpleValue),
            ("e0", .unsupportedSimpleValue), ("f8ff", .unsupportedSimpleValue),
            ("1b8000000000000000", .integerOutOfRange), ("3bffffffffffffffff", .integerOutOfRange),
            ("61ff", .invalidUTF8), ("62c080", .invalidUTF8), ("63eda080", .invalidUTF8), ("a2010001f6", .duplicateKey),
            ("a26161006161f6", .duplicateKey), ("a14000", .unsupportedKey), ("a18000", .unsupportedKey),
            ("a1f600", .unsupportedKey), ("a10100ff", .trailingBytes), ("5affffffff", .truncated),
            ("9bffffffffffffffff", .truncated), ("bb7fffffffffffffff", .truncated),
        ])
    func refused(hex: String, error: CBORError) {
        #expect(refusal(bytes(hex)) == error)
    }

    @Test("takes a map's keys in any order")
    func order() throws {
        let value = try CBORReader.value(bytes("a3616201010061616162"))
        #expect(
            value[.text("b")] == .integer(1) && value[.text("a")] == .text("b") && value[.integer(1)] == .integer(0))
        #expect(value[.text("c")] == nil && CBORValue.null[.text("b")] == nil)
    }

    @Test("nests as deep as its limit, and no deeper")
    func depth() throws {
        let most = CBORReader.depthMax
        #expect(refusal([UInt8](repeating: 0x81, count: most) + [0]) == nil)
        #expect(refusal([UInt8](repeating: 0x81, count: most + 1) + [0]) == .tooDeep)
        #expect(refusal([UInt8](repeating: 0x81, count: 60_000)) == .tooDeep)
        #expect(refusal((0...most).flatMap { _ in [0xA1, 0x01] as [UInt8] } + [0]) == .tooDeep)
    }

    @Test("is as long as its limit, and no longer")
    func length() {
        let most = CBORReader.bytesMax
        #expect(refusal([UInt8](repeating: 0, count: most)) == .trailingBytes)
        #expect(refusal([UInt8](repeating: 0, count: most + 1)) == .tooLong)
    }
}
