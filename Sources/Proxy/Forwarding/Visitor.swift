/// Who sent a request, as far as it can be known, and how they reached the outermost proxy.
package struct Visitor: Hashable, Sendable, CustomStringConvertible {
    /// `nil` where the peer is trusted and does not say: nobody in particular, who is not counted and never banned.
    package let address: IPAddress?
    /// Who connected to us.
    package let peer: Peer
    /// Whether the client's own hop was https.
    package let isSecure: Bool
    /// The `Host` that the client sent, if it can be known.
    package let host: String?
    /// How sure this is, and why.
    package let basis: Basis

    package enum Basis: String, Hashable, Sendable {
        /// The peer is the visitor: no proxy said anything.
        case direct
        /// A trusted proxy said so.
        case forwarded
        /// Somebody who is not trusted said something else, which does not count.
        case untrusted
        /// A trusted proxy says nothing, or nothing that can be read.
        case unattributable
    }

    /// Who connected, where nothing else is known yet.
    ///
    /// - Parameter isSecure: whether they connected with TLS.
    package init(connected peer: Peer, isSecure: Bool = false) {
        self.init(address: peer.address, peer: peer, isSecure: isSecure, host: nil, basis: .direct)
    }

    init(address: IPAddress?, peer: Peer, isSecure: Bool, host: String?, basis: Basis) {
        self.address = address
        self.peer = peer
        self.isSecure = isSecure
        self.host = host
        self.basis = basis
    }

    /// For a log line.
    package var description: String {
        address?.description ?? "unattributable"
    }
}
