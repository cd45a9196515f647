package import WebAuthn

extension CBORValue {
    /// The shortest form (RFC 8949, section 4.2.1), with a map's entries in the order that they have. What the reader
    /// understood comes out as it came in, therefore; the tests' authenticator writes with it as well.
    package var encoded: [UInt8] {
        switch self {
        case .integer(let number):
            number < 0 ? Self.head(1, UInt64(-1 - number)) : Self.head(0, UInt64(number))
        case .bytes(let bytes): Self.head(2, UInt64(bytes.count)) + bytes
        case .text(let text): Self.head(3, UInt64(text.utf8.count)) + text.utf8
        case .array(let values): Self.head(4, UInt64(values.count)) + values.flatMap(\.encoded)
        case .map(let pairs): Self.head(5, UInt64(pairs.count)) + pairs.flatMap { $0.key.encoded + $0.value.encoded }
        case .bool(let value): [value ? 0xF5 : 0xF4]
        case .null: [0xF6]
        }
    }

    private static func head(_ major: UInt8, _ argument: UInt64) -> [UInt8] {
        let bytes = withUnsafeBytes(of: argument.bigEndian, Array.init)
        switch argument {
        case 0..<24: return [major << 5 | UInt8(argument)]
        case 24..<1 << 8: return [major << 5 | 24] + bytes.suffix(1)
        case 1 << 8..<1 << 16: return [major << 5 | 25] + bytes.suffix(2)
        case 1 << 16..<1 << 32: return [major << 5 | 26] + bytes.suffix(4)
        default: return [major << 5 | 27] + bytes
        }
    }
}
