/// What a proxy may say before anything else on a connection: whom it speaks for (the PROXY protocol, versions 1 and 2,
/// <https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt>).
package enum ProxyPreamble: Hashable, Sendable {
    /// Bytes of it are still to come.
    case incomplete
    /// The connection does not begin with one.
    case absent
    /// It is one, and cannot be read.
    case malformed
    /// - Parameters:
    ///   - source: `nil` where the proxy speaks for itself, or does not know.
    ///   - length: so many bytes belong to it.
    case present(source: IPAddress?, length: Int)

    /// The longest that is taken: version 1 has at most 107 bytes, version 2 has room for notes, of which nobody needs more.
    package static let bytesMax = 2048

    private static let firstWord = Array("PROXY ".utf8)
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]
    private static let lineMax = 107

    /// - Parameter bytes: what has come so far.
    package init(_ bytes: [UInt8]) {
        if Self.begins(bytes, with: Self.signature) {
            self = bytes.count < 16 ? .incomplete : Self.version2(bytes)
        } else if Self.begins(bytes, with: Self.firstWord) {
            self = Self.version1(bytes)
        } else {
            self = .absent
        }
    }

    /// As far as there are bytes.
    private static func begins(_ bytes: [UInt8], with start: [UInt8]) -> Bool {
        bytes.prefix(start.count).elementsEqual(start.prefix(bytes.count))
    }

    private static func version1(_ bytes: [UInt8]) -> ProxyPreamble {
        guard let end = bytes.prefix(lineMax).firstIndex(of: 10) else {
            return bytes.count < lineMax ? .incomplete : .malformed
        }
        guard end > 0, bytes[end - 1] == 13 else { return .malformed }
        let words = String(decoding: bytes[..<(end - 1)], as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 2 else { return .malformed }
        if words[1] == "UNKNOWN" { return .present(source: nil, length: end + 1) }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6", let source = IPAddress(words[2]),
            IPAddress(words[3]) != nil, UInt16(words[4]) != nil, UInt16(words[5]) != nil,
            words[1] == "TCP6" || source.isV4
        else { return .malformed }
        return .present(source: source, length: end + 1)
    }

    private static func version2(_ bytes: [UInt8]) -> ProxyPreamble {
        let length = 16 + Int(bytes[14]) << 8 + Int(bytes[15])
        guard bytes[12] >> 4 == 2, length <= bytesMax else { return .malformed }
        guard bytes.count >= length else { return .incomplete }
        switch (bytes[12] & 0xF, bytes[13]) {
        // LOCAL: the proxy itself, to see whether we are there.
        case (0, _): return .present(source: nil, length: length)
        case (1, 0x11) where length >= 28:
            return .present(source: IPAddress(bytes: Array(bytes[16..<20])), length: length)
        case (1, 0x21) where length >= 52:
            return .present(source: IPAddress(bytes: Array(bytes[16..<32])), length: length)
        // No address, or one of a Unix socket.
        case (1, 0x00), (1, 0x31): return .present(source: nil, length: length)
        default: return .malformed
        }
    }
}
