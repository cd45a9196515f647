import Foundation

/// What a client offers of permessage-deflate, and the answer to it (RFC 7692, section 7.1). The answer always asks that
/// neither side remembers anything between messages; every client has to be able to do that.
package struct DeflateOffer: Hashable, Sendable {
    /// Base-two logarithm of the largest window that the client is able to keep.
    package let windowBits: Int
    private let namesWindow: Bool

    /// The value of `Sec-WebSocket-Extensions` in the 101.
    var answer: String {
        let window = namesWindow ? "; server_max_window_bits=\(windowBits)" : ""
        return "permessage-deflate; server_no_context_takeover; client_no_context_takeover" + window
    }

    /// The first offer that can be taken: a client names them in the order of its preference, in one header or several.
    package init?(headers: [String]) {
        let offers = headers.flatMap { $0.split(separator: ",") }
        guard let offer = offers.lazy.compactMap({ Self(offer: $0) }).first else { return nil }
        self = offer
    }

    /// `nil` where it is another extension, or has a parameter that is not known, not valid or there twice.
    private init?(offer: Substring) {
        let parts = offer.split(separator: ";", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.first?.lowercased() == "permessage-deflate" else { return nil }
        var parameters: [String: String?] = [:]
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard let name = pair.first?.lowercased(), parameters[name] == nil else { return nil }
            parameters[name] = .some(pair.count == 2 ? pair[1].trimmingCharacters(in: ["\""]) : nil)
        }
        for (name, value) in parameters {
            switch name {
            case "server_no_context_takeover", "client_no_context_takeover":
                guard value == nil else { return nil }
            case "server_max_window_bits":
                // zlib has no window of 8 bits for what it compresses bare.
                guard let bits = Self.windowBits(value), bits > 8 else { return nil }
            case "client_max_window_bits":
                guard value == nil || Self.windowBits(value) != nil else { return nil }
            default: return nil
            }
        }
        let bits = parameters["server_max_window_bits"].flatMap { Self.windowBits($0) }
        windowBits = bits ?? 15
        namesWindow = bits != nil
    }

    /// 8 to 15, without a leading zero.
    private static func windowBits(_ value: String?) -> Int? {
        guard let value, let bits = Int(value), (8...15).contains(bits), String(bits) == value else { return nil }
        return bits
    }
}
