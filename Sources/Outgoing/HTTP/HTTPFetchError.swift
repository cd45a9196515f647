import CCurl
package import Proxy

/// Why there is no response. Its text is for people, and tells nothing of what was sent, nor where a name leads in our own
/// networks.
package enum HTTPFetchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// With the sentence.
    case badAddress(String)
    /// The policy forbids the address that the name leads to. The address is for the log alone.
    case addressRefused(IPAddress)
    case unresolvable
    case unreachable
    case timedOut
    /// The certificate is not trusted, of another name or expired, or there is no version of TLS in common.
    case notSecure(String)
    case tooLarge(bytesMax: Int)
    case tooManyRedirects
    /// With libcurl's words.
    case broken(String)

    package var description: String {
        switch self {
        case .badAddress(let sentence): sentence
        case .addressRefused: "It leads to an address that is not on the internet."
        case .unresolvable: "There is no such name."
        case .unreachable: "Nobody answers there."
        case .timedOut: "It took too long."
        case .notSecure(let words): "TLS failed: \(words)."
        case .tooLarge(let bytesMax): "The answer has more than \(bytesMax) bytes."
        case .tooManyRedirects: "It leads on and on."
        case .broken(let words): "The answer cannot be used: \(words)."
        }
    }

    /// Worth another try, later and unchanged.
    package var isTemporary: Bool {
        switch self {
        case .unresolvable, .unreachable, .timedOut, .notSecure, .broken: true
        case .badAddress, .addressRefused, .tooLarge, .tooManyRedirects: false
        }
    }

    init(_ outcome: CurlOutcome, bodyBytesMax: Int) {
        let words = outcome.words.isEmpty ? String(cString: curl_easy_strerror(outcome.result)) : outcome.words
        self =
            switch (outcome.excess, outcome.result) {
            case (.body, _): .tooLarge(bytesMax: bodyBytesMax)
            case (.head, _): .broken("its headers are too long")
            case (_, CURLE_URL_MALFORMAT), (_, CURLE_UNSUPPORTED_PROTOCOL): .badAddress("It leads to no web address.")
            case (_, CURLE_COULDNT_RESOLVE_HOST): .unresolvable
            case (_, CURLE_OPERATION_TIMEDOUT): .timedOut
            case (_, CURLE_TOO_MANY_REDIRECTS): .tooManyRedirects
            case (_, CURLE_PEER_FAILED_VERIFICATION), (_, CURLE_SSL_CONNECT_ERROR), (_, CURLE_SSL_CACERT_BADFILE):
                .notSecure(words)
            case (_, CURLE_COULDNT_CONNECT), (_, CURLE_SEND_ERROR), (_, CURLE_RECV_ERROR), (_, CURLE_GOT_NOTHING):
                outcome.refused.map { .addressRefused($0) } ?? .unreachable
            default: .broken(words)
            }
    }
}
