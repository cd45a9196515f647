/// Reads a JSON text (RFC 8259) from front to back, strictly, keeping nothing but what it is asked for. It is part of
/// every frame that comes in, where Foundation's decoder took as long as storing the message.
struct JSONReader {
    /// The text is not JSON, or nests deeper than `depthMax`.
    struct Malformed: Error {}

    /// Deepest nesting that is read; without a limit a frame of brackets would overflow the stack.
    private static let depthMax = 64

    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    // MARK: Structure

    /// Calls `field` with each name of the one object that the whole text is; it has to read the value.
    mutating func wholeObject(_ field: (inout JSONReader, _ name: String) throws -> Void) throws {
        skipSpace()
        try object(field)
        skipSpace()
        guard index == bytes.count else { throw Malformed() }
    }

    private mutating func object(_ field: (inout JSONReader, _ name: String) throws -> Void) throws {
        try expect(UInt8(ascii: "{"))
        skipSpace()
        if take(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            let name = try string() ?? ""
            skipSpace()
            try expect(UInt8(ascii: ":"))
            skipSpace()
            try field(&self, name)
            skipSpace()
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Passes over one value of any kind.
    mutating func skipValue(depth: Int = 1) throws {
        guard depth <= Self.depthMax else { throw Malformed() }
        switch peek() {
        case UInt8(ascii: "{"):
            try object { reader, _ in try reader.skipValue(depth: depth + 1) }
        case UInt8(ascii: "["):
            index += 1
            skipSpace()
            if take(UInt8(ascii: "]")) { return }
            repeat {
                skipSpace()
                try skipValue(depth: depth + 1)
                skipSpace()
            } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "]"))
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        default: _ = try number()
        }
    }

    /// The next byte, not yet taken; `nil` at the end.
    func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func literal(_ text: StaticString) throws {
        let length = text.utf8CodeUnitCount
        guard index + length <= bytes.count else { throw Malformed() }
        let found = UnsafeRawBufferPointer(rebasing: bytes[index..<(index + length)])
        guard found.elementsEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: length)) else {
            throw Malformed()
        }
        index += length
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard take(byte) else { throw Malformed() }
    }

    // MARK: Numbers

    /// RFC 8259, section 6.
    mutating func number() throws -> Double {
        let start = index
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        let isWhole = peek() != UInt8(ascii: ".") && peek() != UInt8(ascii: "e") && peek() != UInt8(ascii: "E")
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let whole = Int64(text) { return Double(whole) }
        // Infinite where it is beyond what a Double can hold.
        guard let number = Double(text) else { throw Malformed() }
        return number
    }

    private mutating func digits() throws {
        let start = index
        while let byte = peek(), Self.isDigit(byte) { index += 1 }
        guard index > start else { throw Malformed() }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    // MARK: Strings

    /// RFC 8259, section 7.
    /// - Returns: `nil` for a string that is no text, because half of a surrogate pair is missing (section 8.2).
    mutating func string() throws -> String? {
        try expect(UInt8(ascii: "\""))
        let start = index
        while let byte = peek() {
            if byte == UInt8(ascii: "\"") {
                defer { index += 1 }
                return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") { return try string(withEscapesFrom: start) }
            guard byte >= 0x20 else { throw Malformed() }
            index += 1
        }
        throw Malformed()
    }

    private mutating func string(withEscapesFrom start: Int) throws -> String? {
        var text = [UInt8](bytes[start..<index])
        var isText = true
        while let byte = peek() {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return isText ? String(decoding: text, as: UTF8.self) : nil
            case UInt8(ascii: "\\"):
                if let scalar = try escaped() {
                    text.append(contentsOf: Character(scalar).utf8)
                } else {
                    isText = false
                }
            case 0x20...: text.append(byte)
            default: throw Malformed()
            }
        }
        throw Malformed()
    }

    /// - Returns: `nil` for half of a surrogate pair.
    private mutating func escaped() throws -> Unicode.Scalar? {
        guard let byte = peek() else { throw Malformed() }
        index += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try escapedScalar()
        default: throw Malformed()
        }
    }

    /// A character beyond U+FFFF is two escapes, a surrogate pair.
    private mutating func escapedScalar() throws -> Unicode.Scalar? {
        let first = try fourDigits()
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
        guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        index += 2
        let second = try fourDigits()
        guard UTF16.isTrailSurrogate(second) else { return nil }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func fourDigits() throws -> UInt16 {
        guard index + 4 <= bytes.count else { throw Malformed() }
        var value: UInt16 = 0
        for byte in bytes[index..<(index + 4)] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw Malformed()
            }
            value = value << 4 | UInt16(digit)
        }
        index += 4
        return value
    }
}
