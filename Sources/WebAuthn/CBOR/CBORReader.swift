/// Reads what the CTAP2 canonical CBOR encoding form (CTAP 2.1, section 8) allows, and refuses the rest.
///
/// One thing that it asks for is not looked at: the order of a map's keys. Once no key is there twice it means nothing,
/// and an authenticator that gets it wrong would be of no use to its owner.
package struct CBORReader {
    /// Arrays and maps within each other. CTAP2 needs 4, the compound attestation of WebAuthn Level 3 one more.
    package static let depthMax = 8
    /// Bytes in all. Attestations with their certificates take a few thousand.
    package static let bytesMax = 65_536

    private var rest: ArraySlice<UInt8>

    /// - Throws: `tooLong`.
    package init(_ bytes: ArraySlice<UInt8>) throws(CBORError) {
        guard bytes.count <= Self.bytesMax else { throw .tooLong }
        rest = bytes
    }

    /// The one value that these bytes are.
    package static func value(_ bytes: [UInt8]) throws(CBORError) -> CBORValue {
        var reader = try CBORReader(bytes[...])
        let value = try reader.value()
        guard reader.rest.isEmpty else { throw .trailingBytes }
        return value
    }

    /// What has not been read.
    package var remaining: ArraySlice<UInt8> { rest }

    /// Reads one value.
    package mutating func value() throws(CBORError) -> CBORValue { try value(depth: 0) }

    private mutating func value(depth: Int) throws(CBORError) -> CBORValue {
        let first = try byte()
        let (major, information) = (first >> 5, first & 0x1F)
        if major == 7 { return try simple(information) }
        let argument = try argument(information)
        switch major {
        case 0: return .integer(try signed(argument))
        case 1: return .integer(-1 - (try signed(argument)))
        case 2: return .bytes(Array(try take(argument)))
        case 3:
            guard let text = String(validating: try take(argument), as: UTF8.self) else { throw .invalidUTF8 }
            return .text(text)
        case 4: return try array(count: argument, depth: depth + 1)
        case 5: return try map(count: argument, depth: depth + 1)
        default: throw .tag
        }
    }

    private mutating func array(count: UInt64, depth: Int) throws(CBORError) -> CBORValue {
        try check(count: count, depth: depth)
        var values: [CBORValue] = []
        for _ in 0..<count { values.append(try value(depth: depth)) }
        return .array(values)
    }

    private mutating func map(count: UInt64, depth: Int) throws(CBORError) -> CBORValue {
        try check(count: count, depth: depth)
        var pairs: [CBORPair] = []
        var keys: Set<CBORValue> = []
        for _ in 0..<count {
            let key = try value(depth: depth)
            switch key {
            case .integer, .text: break
            default: throw .unsupportedKey
            }
            guard keys.insert(key).inserted else { throw .duplicateKey }
            pairs.append(CBORPair(key: key, value: try value(depth: depth)))
        }
        return .map(pairs)
    }

    /// Each entry is a byte at least, so that a count beyond what is left is found before anything is made.
    private func check(count: UInt64, depth: Int) throws(CBORError) {
        guard depth <= Self.depthMax else { throw .tooDeep }
        guard count <= UInt64(rest.count) else { throw .truncated }
    }

    private func simple(_ information: UInt8) throws(CBORError) -> CBORValue {
        switch information {
        case 20: return .bool(false)
        case 21: return .bool(true)
        case 22: return .null
        case 31: throw .indefiniteLength
        case 28...30: throw .reserved
        default: throw .unsupportedSimpleValue
        }
    }

    /// The number or length that an initial byte tells of (RFC 8949, section 3).
    private mutating func argument(_ information: UInt8) throws(CBORError) -> UInt64 {
        switch information {
        case 0..<24: return UInt64(information)
        case 24...27:
            let count = 1 << (information - 24)
            let number = try take(UInt64(count)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            // The next shorter form has half the bits; the shortest goes up to 23.
            let least: UInt64 = count == 1 ? 24 : 1 << (count * 4)
            guard number >= least else { throw .notShortest }
            return number
        case 31: throw .indefiniteLength
        default: throw .reserved
        }
    }

    private func signed(_ argument: UInt64) throws(CBORError) -> Int64 {
        guard let number = Int64(exactly: argument) else { throw .integerOutOfRange }
        return number
    }

    private mutating func byte() throws(CBORError) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .truncated }
        return byte
    }

    private mutating func take(_ count: UInt64) throws(CBORError) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw .truncated }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}
