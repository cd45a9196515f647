package import NIOCore

/// The limits of a socket. Each is a setting; its unit is in its name.
package struct SocketLimits: Sendable {
    /// Largest message, and largest frame, from a client.
    package var frameBytesMax = 65_536
    /// Whether binary messages are taken at all; else they are refused with 1003. The chat speaks text alone.
    package var takesBinary = false
    /// Most frames in a row that get an error, before the socket is closed with 1008.
    package var badFramesMax = 20
    /// Most frames of one socket that wait for their reply.
    package var commandsInFlightMax = 256
    /// Most messages of one socket in a second; a second's worth may come at once.
    package var framesPerSecondMax = 50
    /// Most sockets of one person; the oldest is closed with 4202 when there is one more.
    package var socketsPerPersonMax = 20
    /// Most sockets from one public address (IPv6: from one /64).
    package var socketsPerAddressMax = 256
    /// Shortest message, in bytes, that is compressed for clients that offer permessage-deflate; `nil`: none is.
    package var deflateBytesMin: Int?
    /// Most rooms that one socket receives.
    package var subscriptionsMax = 1000
    /// Most sockets of a room for its members to be told who comes and goes.
    package var presenceSocketsMax = 200
    /// How long somebody is taken to be there after their last socket ended.
    package var presenceGrace = TimeAmount.seconds(5)
    /// Most bytes that wait for a reader who does not read, before the socket is closed with 4000.
    package var outboundBytesMax = 1_048_576
    /// A socket that nothing was sent on for so long gets a ping.
    package var pingInterval = TimeAmount.seconds(25)
    /// A socket that nothing came from for so long is given up.
    package var silenceMax = TimeAmount.seconds(60)
    /// Time to authenticate on a socket that came without credentials.
    package var authenticationTime = TimeAmount.seconds(10)
    /// Time that the other side has to answer a close frame.
    package var closeTime = TimeAmount.seconds(2)
    /// Time without a request after which an HTTP connection is closed.
    package var httpIdleTime = TimeAmount.seconds(75)
    /// Time that the first request's head may take, from the connection's beginning.
    package var headTime = TimeAmount.seconds(10)
    /// Time that a request with its body may take.
    package var requestTime = TimeAmount.seconds(60)
    /// Most connections at a time, of all kinds; 0 for as many as open files allow.
    package var connectionsMax = 0

    package init() {}
}
