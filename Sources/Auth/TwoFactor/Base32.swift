package import Foundation

/// Base32 (RFC 4648, section 6): how authenticator apps take a secret.
package enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// Without padding, which the key URI format forbids.
    package static func encode(_ data: Data) -> String {
        var text = ""
        var bits: UInt16 = 0
        var count = 0
        for byte in data {
            bits = bits << 8 | UInt16(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(symbol(bits >> count))
            }
        }
        if count > 0 { text.append(symbol(bits << (5 - count))) }
        return text
    }

    private static func symbol(_ bits: UInt16) -> Character {
        Character(UnicodeScalar(alphabet[Int(bits & 31)]))
    }

    /// Takes small letters, spaces, dashes and padding at the end as well, since people type it.
    /// - Returns: nil where anything else is in it, or where bits are left over that no encoder leaves.
    package static func decode(_ text: String) -> Data? {
        let spaced = text.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        let padding = spaced.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let symbols = spaced.dropLast(padding)
        guard padding == 0 || spaced.count.isMultiple(of: 8) && padding < 8 else { return nil }
        // So many symbols begin a byte that they do not end.
        guard ![1, 3, 6].contains(symbols.count % 8) else { return nil }
        var data = Data()
        var bits: UInt16 = 0
        var count = 0
        for symbol in symbols {
            guard let value = value(symbol) else { return nil }
            bits = bits << 5 | value
            count += 5
            if count >= 8 {
                count -= 8
                data.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return bits & ((1 << count) - 1) == 0 ? data : nil
    }

    private static func value(_ symbol: UInt8) -> UInt16? {
        switch symbol {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt16(symbol - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt16(symbol - UInt8(ascii: "a"))
        case UInt8(ascii: "2")...UInt8(ascii: "7"): UInt16(symbol - UInt8(ascii: "2")) + 26
        default: nil
        }
    }
}
