/// What a client shows to open a socket (docs/protocol.md, "Ways in").
package enum SocketCredentials: Hashable, Sendable {
    /// An access token, from `Sec-WebSocket-Protocol` or `Authorization`, or in the first frame.
    case accessToken(String)
    /// An access token in the address, where every proxy on the way can log it.
    case queryToken(String)
    case ticket(String)
    /// The session's cookie. A browser adds it by itself, so the page it came from has to be one of ours.
    case sessionCookie(String, origin: String?)
}
