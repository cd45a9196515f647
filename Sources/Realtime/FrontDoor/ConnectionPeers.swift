import NIOCore
import Proxy
import Synchronization

/// Whom proxies speak for, of the connections that began by saying so. A channel has no room for a note of ours.
final class ConnectionPeers: Sendable {
    private let peers = Mutex<[ObjectIdentifier: Peer]>([:])

    subscript(connection: ObjectIdentifier) -> Peer? {
        peers.withLock { $0[connection] }
    }

    /// Kept until the channel is closed.
    func set(_ peer: Peer, of channel: any Channel) {
        let connection = ObjectIdentifier(channel)
        peers.withLock { $0[connection] = peer }
        channel.closeFuture.whenComplete { _ in
            _ = self.peers.withLock { $0.removeValue(forKey: connection) }
        }
    }
}
