/// What came back for one request, as it stood.
package struct Answer: Sendable {
    package let status: Int
    /// Lines in order, none merged.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// Whether the server itself answered, and just now.
    package let isProven: Bool
    /// Of our end of the connection.
    package let localPort: Int?

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }

    package func count(_ name: String) -> Int {
        headers.count { $0.name.lowercased() == name }
    }

    /// In a few words.
    package var summary: String {
        let server = header("server").map { ", \($0)" } ?? ""
        let type = header("content-type").map { " \($0.prefix { $0 != ";" })" } ?? ""
        return "\(status)\(type)\(isProven ? " from this server" : " from something else\(server)")"
    }
}

/// Why there was no answer.
package enum ProbeFault: Error, Hashable, Sendable {
    case unreachable(String)
    /// The certificate was not accepted.
    case certificate(String)
    case timeout
    /// It ended without a word.
    case cut
    /// What came was no HTTP.
    case malformed(String)

    package var sentence: String {
        switch self {
        case .unreachable(let reason): "no connection: \(reason)"
        case .certificate(let reason): "the certificate was not accepted: \(reason)"
        case .timeout: "no answer in time"
        case .cut: "the connection was ended without an answer"
        case .malformed(let reason): "an answer that is no HTTP: \(reason)"
        }
    }
}
