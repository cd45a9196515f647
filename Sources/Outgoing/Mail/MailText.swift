import Foundation

/// How text is written in a mail: headers (RFC 2047), and bodies (RFC 2045, quoted-printable).
enum MailText {
    /// Longest line, in octets without its end (RFC 5322, section 2.1.1; RFC 2045, section 6.7).
    static let lineOctetsMax = 76
    /// Longest encoded word, in octets (RFC 2047, section 2).
    private static let wordOctetsMax = 75
    /// Longest name of a header with a text of ours, in octets: `Subject: `.
    private static let headerNameOctetsMax = 9
    private static let wordStart = "=?UTF-8?B?"
    private static let wordEnd = "?="

    /// Whether it fits in one line: without it a header could end early, and another one begin.
    static func isLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            ![.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
    }

    /// Whether it can stand in a header as it is.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
            && text.utf8.count <= lineOctetsMax - headerNameOctetsMax
    }

    /// A header's text, on as many lines as it takes.
    static func header(_ text: String) -> String {
        isPlain(text) ? text : encodedWords(text)
    }

    /// Whole characters in each word, since each is decoded for itself. There is room for a header's name before the first.
    static func encodedWords(_ text: String) -> String {
        // Base64 makes 4 of 3.
        let room = wordOctetsMax - wordStart.utf8.count - wordEnd.utf8.count
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let octets = Array(String(scalar).utf8)
            let octetsMax = (words.count == 1 ? room - headerNameOctetsMax : room) / 4 * 3
            if words[words.count - 1].count + octets.count > octetsMax { words.append([]) }
            words[words.count - 1] += octets
        }
        return words.map { wordStart + base64($0) + wordEnd }.joined(separator: "\r\n ")
    }

    /// A text part's body: lines end with CR LF, whatever they ended with before.
    static func quotedPrintable(_ text: String) -> String {
        var output = ""
        var rest = text.unicodeScalars[...]
        while true {
            let line = rest.prefix { $0 != "\n" && $0 != "\r" }
            output += softened(Array(String(line).utf8))
            rest = rest.dropFirst(line.count)
            guard let end = rest.popFirst() else { return output }
            if end == "\r", rest.first == "\n" { rest.removeFirst() }
            output += "\r\n"
        }
    }

    /// One line, broken where it is too long.
    private static func softened(_ line: [UInt8]) -> String {
        var output = ""
        var length = 0
        for (index, octet) in line.enumerated() {
            let isLast = index == line.count - 1
            let isSpace = octet == 0x20 || octet == 0x09
            let isPlain = (0x21...0x7E).contains(octet) && octet != UInt8(ascii: "=") || isSpace && !isLast
            var written = isPlain ? String(Unicode.Scalar(octet)) : "=" + hexadecimal(octet)
            // A place is kept for the `=` of a soft break.
            if length + written.utf8.count > lineOctetsMax - 1 {
                output += "=\r\n"
                length = 0
            }
            // A single dot ends a mail: a relay that forgets to double it (RFC 5321, section 4.5.2) does no harm.
            if length == 0, octet == UInt8(ascii: ".") { written = "=" + hexadecimal(octet) }
            output += written
            length += written.utf8.count
        }
        return output
    }

    private static func hexadecimal(_ octet: UInt8) -> String {
        let digits = String(octet, radix: 16, uppercase: true)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }

    private static func base64(_ octets: [UInt8]) -> String { Data(octets).base64EncodedString() }
}
