import Foundation

/// An address of a provider, as a setting or its discovery document gives it: https, or http on this machine.
struct ProviderAddress: Hashable, Sendable {
    let text: String
    let isSecure: Bool
    /// `localhost`, `127.0.0.0/8` (RFC 1122, section 3.2.1.3) or `::1`.
    let isLoopback: Bool
    let hasQuery: Bool

    static let bytesMax = 2048

    /// - Returns: `nil` for what is no absolute http or https address, names a user or has a fragment, or holds
    ///   anything that an address is not written with.
    init?(_ text: String) {
        guard text.utf8.count <= Self.bytesMax, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !text.contains(where: { "\"<>\\^`{|}".contains($0) }),
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "https" || scheme == "http", let host = parts.encodedHost?.lowercased(), !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.fragment == nil, (1...65_535).contains(parts.port ?? 443)
        else { return nil }
        self.text = text
        isSecure = scheme == "https"
        isLoopback = Self.isLoopback(host)
        hasQuery = parts.percentEncodedQuery != nil
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
