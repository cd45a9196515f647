import Foundation
package import NIOCore
package import Proxy

/// What arrived of a request, and what the server made of it: for whoever looks for the fault in a proxy.
package struct DoorReport: Codable, Hashable, Sendable {
    package var publicURL: String
    /// Who connected to us, with the port: the client itself, or the last proxy.
    package var peer: String
    package var peerPort: Int?
    /// The visitor; `null` where nobody in particular.
    package var address: String?
    /// `Visitor.Basis`.
    package var basis: String
    /// Of the client's own hop.
    package var scheme: String
    package var host: String?
    /// As it arrived.
    package var target: String
    /// `1.1` or `2`.
    package var httpVersion: String
    /// The server's clock, in seconds since 1970.
    package var now: Double
    /// Names and values in order, none merged, but without `Host` for ordinary requests, where it is in `hostHeader`.
    package var headers: [[String]]
    package var hostHeader: String?
    /// What to set for the peer to be trusted.
    package var trustedProxies: [String]
    package var untrustedPeerEntry: String
    /// Largest body of a request, in bytes.
    package var bodyBytesMax: Int
    /// How many of this request's body arrived.
    package var bodyBytes = 0

    package init(
        _ visitor: Visitor, channel: (any Channel)?, target: String, hostHeader: String?, headers: [(String, String)],
        door: FrontDoor, bodyBytesMax: Int
    ) {
        publicURL = door.publicURL.description
        peer = visitor.peer.description
        peerPort = channel?.remoteAddress?.port
        address = visitor.address?.description
        basis = visitor.basis.rawValue
        scheme = visitor.isSecure ? "https" : "http"
        host = visitor.host
        self.target = target
        // A stream of HTTP/2 is the child of a connection, which is one of what listens.
        httpVersion = channel?.parent?.parent == nil ? "1.1" : "2"
        now = Date().timeIntervalSince1970
        self.hostHeader = hostHeader
        // The question is not for anybody's eyes, and a session's cookie neither.
        self.headers = headers.map { name, value in
            ["cookie", "authorization", DoctorHeader.question].contains(name.lowercased())
                ? [name, "…"] : [name, value]
        }
        trustedProxies = door.resolver.trusted.entries
        untrustedPeerEntry = TrustedProxies.entry(for: visitor.peer)
        self.bodyBytesMax = bodyBytesMax
    }
}
