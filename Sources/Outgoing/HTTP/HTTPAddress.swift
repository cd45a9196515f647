import CCurl

/// An address to fetch: `https` or `http`, read by libcurl, which is who will use it.
package struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
    /// As libcurl writes it, without a fragment.
    package let description: String
    package let isSecure: Bool

    /// Longest address, in bytes.
    package static let bytesMax = 2048

    /// - Throws: the sentence that says what is wrong with it.
    package init(_ text: String) throws(HTTPFetchError) {
        guard text.utf8.count <= Self.bytesMax else { throw .badAddress("An address has at most 2048 characters.") }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badAddress("An address has no spaces and only ASCII characters.")
        }
        guard let parts = curl_url() else { throw .badAddress("This address cannot be read just now.") }
        defer { curl_url_cleanup(parts) }
        guard curl_url_set(parts, CURLUPART_URL, text, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: parts), ["http", "https"].contains(scheme)
        else { throw .badAddress("An address begins with https:// or http://, and a host.") }
        guard Self.part(CURLUPART_USER, of: parts) == nil, Self.part(CURLUPART_PASSWORD, of: parts) == nil else {
            throw .badAddress("An address has no name or password in it.")
        }
        curl_url_set(parts, CURLUPART_FRAGMENT, nil, 0)
        guard let whole = Self.part(CURLUPART_URL, of: parts) else {
            throw .badAddress("This address cannot be read.")
        }
        description = whole
        isSecure = scheme == "https"
    }

    private static func part(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parts, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
