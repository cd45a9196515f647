import Crypto
package import Foundation

/// The signature of a webhook (Standard Webhooks 1.0, "Signature scheme"): HMAC-SHA256 over id, moment and body.
package struct WebhookSignature: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: `whsec_` and the key in Base64; `nil` for another text.
    package init?(secret: String) {
        guard secret.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(secret.dropFirst(6))), !bytes.isEmpty
        else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// The value of the header `webhook-signature`.
    /// - Parameter timestamp: in seconds since 1970.
    package func value(id: String, timestamp: Int64, body: Data) -> String {
        var signed = Data("\(id).\(timestamp).".utf8)
        signed.append(body)
        return "v1," + Data(HMAC<SHA256>.authenticationCode(for: signed, using: key)).base64EncodedString()
    }
}
