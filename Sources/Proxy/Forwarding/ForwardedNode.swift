/// One hop as a proxy names it, in `X-Forwarded-For` or in `for=` of `Forwarded` (RFC 7239, section 6).
enum ForwardedNode: Hashable, Sendable {
    case address(IPAddress)
    /// Hidden on purpose (`unknown`, `_gateway`), or not an address at all.
    case unknown

    /// Reads an address as proxies write it: alone, with a port, in brackets, with a zone.
    init(_ text: some StringProtocol) {
        self = Self.address(in: text).map { .address($0) } ?? .unknown
    }

    private static func address(in text: some StringProtocol) -> IPAddress? {
        if let address = IPAddress(text) { return address }
        if text.hasPrefix("["), let end = text.lastIndex(of: "]") {
            let port = text[text.index(after: end)...]
            guard port.isEmpty || isPort(port) else { return nil }
            return IPAddress(text[text.index(after: text.startIndex)..<end])
        }
        // 192.0.2.1:4711. An IPv6 address with a port and no brackets reads as an address of its own.
        guard let colon = text.lastIndex(of: ":"), isPort(text[colon...]) else { return nil }
        let address = IPAddress(text[..<colon])
        return address?.isV4 == true ? address : nil
    }

    private static func isPort(_ text: some StringProtocol) -> Bool {
        text.first == ":" && text.count > 1 && text.count <= 6
            && text.dropFirst().utf8.allSatisfy {
                (0x30...0x39).contains($0)
            }
    }
}
