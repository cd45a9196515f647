import CNIOLinux
import Glibc
package import NIOCore
package import Proxy

extension Peer {
    /// - Parameter channel: one that was accepted.
    package init(of channel: any Channel) {
        switch (channel.remoteAddress, channel.localAddress) {
        case (.v4(let v4), _):
            self = .address(withUnsafeBytes(of: v4.address.sin_addr) { IPAddress(bytes: Array($0)) })
        case (.v6(let v6), _):
            self = .address(withUnsafeBytes(of: v6.address.sin6_addr) { IPAddress(bytes: Array($0)) })
        case (.unixDomainSocket, _), (nil, .unixDomainSocket):
            self = .unix
        case (nil, _):
            self = .unknown
        }
    }
}

extension Channel {
    /// The connection that a channel is, or is a stream of (HTTP/2): what accepted a connection is nobody's child.
    package var connection: any Channel {
        guard let parent, parent.parent != nil else { return self }
        return parent
    }
}
