import Foundation

/// The part of a mail address behind the `@`: a name of the DNS, in lower case, with what is not ASCII written as
/// A-labels (RFC 5890).
enum MailDomain {
    /// Longest name, in octets (RFC 1035, section 2.3.4).
    private static let octetsMax = 253
    private static let labelOctetsMax = 63

    /// - Returns: the name as it goes over the wire.
    /// - Throws: `ChatError` without a field.
    static func ascii(_ text: String) throws(ChatError) -> String {
        guard !text.hasPrefix("[") else {
            throw ChatError(.invalidField, "Mail to an address in brackets is not sent: a name is needed behind the @.")
        }
        // Compatibility forms and the ideographic full stop count as what they stand for, as in every browser (UTS 46).
        let mapped = text.precomposedStringWithCompatibilityMapping.lowercased()
            .precomposedStringWithCanonicalMapping.replacing("\u{3002}", with: ".")
        var labels: [String] = []
        for label in mapped.split(separator: ".", omittingEmptySubsequences: false) {
            labels.append(try self.label(label))
        }
        let name = labels.joined(separator: ".")
        guard name.utf8.count <= octetsMax else { throw malformed }
        // 192.0.2.1 is an address, and would have to stand in brackets.
        guard let last = labels.last, !last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw malformed }
        return name
    }

    private static func label(_ text: Substring) throws(ChatError) -> String {
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        guard !text.isEmpty, text.first != "-", text.last != "-", text.unicodeScalars.allSatisfy(isAllowed) else {
            throw malformed
        }
        guard !isASCII else {
            guard text.utf8.count <= labelOctetsMax else { throw malformed }
            return String(text)
        }
        guard let first = text.unicodeScalars.first, !isMark(first), let encoded = Punycode.encode(text),
            encoded.utf8.count + 4 <= labelOctetsMax
        else { throw malformed }
        return "xn--" + encoded
    }

    /// Roughly what RFC 5892 has as PVALID: letters, digits and what is set upon them. Upper case is gone already.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-"
        }
        return switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .decimalNumber: true
        default: isMark(scalar)
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        [.nonspacingMark, .spacingMark].contains(scalar.properties.generalCategory)
    }

    private static let malformed = ChatError(
        .invalidField, "What is behind the @ is no name of a mail server, such as example.com.")
}
