package import Foundation

/// Bytes that are Base64 for URLs without padding (RFC 4648, section 5) in JSON, as WebAuthn has them all.
package protocol Base64URLCodable: Codable, Hashable, Sendable {
    var bytes: Data { get }
    init(bytes: Data)
}

extension Base64URLCodable {
    package var text: String {
        bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Strictly: no padding, no other alphabet, and no bits left over that no encoder leaves.
    package init?(text: String) {
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "=") })
        else { return nil }
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: plain + padding) else { return nil }
        self.init(bytes: bytes)
        guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Self(text: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not Base64 for URLs")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// Bytes that are nothing but a part of an answer.
struct ResponseBytes: Base64URLCodable {
    let bytes: Data
}
