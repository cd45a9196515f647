package import Foundation
package import Model

/// Sends a request to a provider. What it promises:
/// - The certificate of an https address is checked against the system's roots, and the name in it.
/// - A redirect is answered as it is (3xx) and never followed: the secret would go along.
/// - No more than `bodyMax` bytes of an answer are kept; a longer one is `OpenIDTransportError.answerTooLarge`.
/// - It ends after `timeout`, however slowly bytes come in.
/// - Nothing of a request is logged but its address.
package protocol OpenIDTransport: Sendable {
    /// - Throws: `OpenIDTransportError.answerTooLarge`; anything else means that there was no answer.
    func send(_ request: OpenIDRequest) async throws -> OpenIDResponse
}

package struct OpenIDRequest: Hashable, Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package let method: Method
    /// `https://…`; `http://` for a provider on this machine alone.
    package let url: String
    /// Names in lower case. No value has a control character in it.
    package let headers: [String: String]
    package let body: Data?
    /// Bytes of the answer's body.
    package let bodyMax: Int
    /// From the first byte sent to the last one read.
    package let timeout: Seconds
}

/// A log may hold one: no header and no body is in its text.
extension OpenIDRequest: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "\(method.rawValue) \(url)" }
    package var debugDescription: String { description }
}

package struct OpenIDResponse: Hashable, Sendable {
    package let status: Int
    package let body: Data

    package init(status: Int, body: Data) {
        self.status = status
        self.body = body
    }
}

package enum OpenIDTransportError: Error {
    case answerTooLarge
}
