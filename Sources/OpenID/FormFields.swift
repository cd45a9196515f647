import Foundation

/// `application/x-www-form-urlencoded` as OAuth uses it (RFC 6749, appendix B): in queries, bodies and client secrets.
enum FormFields {
    static func encoded(_ fields: [(name: String, value: String)]) -> String {
        fields.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
    }

    /// Whatever is not one of the unreserved characters (RFC 3986, section 2.3) as `%XX`, also a space: all read that,
    /// whereas some take a plus for itself.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }

    /// - Returns: `nil` where an escape is malformed or the bytes are no UTF-8.
    static func decoded(_ query: String) -> [(name: String, value: String)]? {
        var fields: [(String, String)] = []
        for field in query.split(separator: "&") {
            let halves = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = value(halves[0]), let value = value(halves.count == 2 ? halves[1] : "") else { return nil }
            fields.append((name, value))
        }
        return fields
    }

    private static func value(_ text: Substring) -> String? {
        String(text).replacing("+", with: " ").removingPercentEncoding
    }
}
