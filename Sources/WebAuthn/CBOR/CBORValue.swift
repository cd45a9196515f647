/// What CBOR (RFC 8949) says, as far as authenticators say anything with it: no tags, no floating point numbers.
package enum CBORValue: Hashable, Sendable {
    case integer(Int64)
    case bytes([UInt8])
    case text(String)
    indirect case array([CBORValue])
    indirect case map([CBORPair])
    case bool(Bool)
    case null

    /// The value with this key, where this is a map that has it.
    package subscript(key: CBORValue) -> CBORValue? {
        guard case .map(let pairs) = self else { return nil }
        return pairs.first { $0.key == key }?.value
    }

    var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var pairs: [CBORPair]? { if case .map(let pairs) = self { pairs } else { nil } }
}

/// An entry of a map.
package struct CBORPair: Hashable, Sendable {
    /// A number or a text.
    package let key: CBORValue
    package let value: CBORValue
}

/// Why bytes are not CBOR, or not of the kind that CTAP2 allows.
package enum CBORError: Error, Hashable, Sendable {
    /// The bytes end within a value.
    case truncated
    /// Something follows the value.
    case trailingBytes
    /// Arrays and maps within each other, beyond `CBORReader.depthMax`.
    case tooDeep
    /// Beyond `CBORReader.bytesMax`.
    case tooLong
    /// A number or a length with more bytes than it needs.
    case notShortest
    /// A length that is not told in front.
    case indefiniteLength
    case tag
    /// A floating point number, `undefined`, or a simple value without a meaning.
    case unsupportedSimpleValue
    /// Additional information 28…30, which means nothing.
    case reserved
    /// Beyond 64 bits with a sign.
    case integerOutOfRange
    case invalidUTF8
    /// A map's key that is neither a number nor a text.
    case unsupportedKey
    case duplicateKey
}
