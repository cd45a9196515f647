package import Crypto
import Foundation
import Model

/// What lets somebody ask a server what it sees of their requests, until it expires. The key itself never travels: each
/// request carries a question that only its holder can make, and the answer a proof that only the server can.
package struct DoctorKey: Sendable {
    /// Seconds since 1970.
    package let expiresAt: Int64
    fileprivate let key: SymmetricKey

    private static let prefix = "parley-doctor-1"

    /// Reads what `parley doctor-key` printed.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.prefix, let expiresAt = Int64(parts[1]),
            let bytes = Data(base64URL: parts[2]), bytes.count == 32
        else { return nil }
        self.init(expiresAt: expiresAt, key: SymmetricKey(data: bytes))
    }

    fileprivate init(expiresAt: Int64, key: SymmetricKey) {
        self.expiresAt = expiresAt
        self.key = key
    }

    /// For a command line.
    package var text: String {
        "\(Self.prefix).\(expiresAt).\(key.withUnsafeBytes { Data($0).base64URL })"
    }

    /// The value of `DoctorHeader.question` for a nonce.
    package func question(_ nonce: String) -> String {
        "\(expiresAt).\(nonce).\(code("question.\(nonce)"))"
    }

    /// Whether the server answered, and answered this question: a cache would bring the proof of an older one.
    package func accepts(_ proof: String, for nonce: String) -> Bool {
        // Not secret from whoever asked.
        proof == code("proof.\(nonce)")
    }

    fileprivate func code(_ text: String) -> String {
        Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)).base64URL
    }
}

/// The server's side: makes keys, and answers questions.
package struct DoctorDesk: Sendable {
    private let root: SymmetricKey
    /// Longer nonces than anybody needs.
    private static let questionMax = 256

    /// - Parameter root: a key for this purpose alone.
    package init(root: SymmetricKey) {
        self.root = root
    }

    /// - Parameter expiresAt: seconds since 1970.
    package func key(expiresAt: Int64) -> DoctorKey {
        let bytes = HMAC<SHA256>.authenticationCode(for: Data("\(expiresAt)".utf8), using: root)
        return DoctorKey(expiresAt: expiresAt, key: SymmetricKey(data: bytes))
    }

    /// The value of `DoctorHeader.proof`; `nil` for a question that nobody with a key could have asked, or too late.
    package func proof(for question: String, now: Int64) -> String? {
        let parts = question.split(separator: ".", omittingEmptySubsequences: false)
        guard question.utf8.count <= Self.questionMax, parts.count == 3, let expiresAt = Int64(parts[0]),
            expiresAt > now, let code = Data(base64URL: parts[2])
        else { return nil }
        let key = key(expiresAt: expiresAt)
        let text = Data("question.\(parts[1])".utf8)
        guard HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: text, using: key.key) else { return nil }
        return key.code("proof.\(parts[1])")
    }
}
