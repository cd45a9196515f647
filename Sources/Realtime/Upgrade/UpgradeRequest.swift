import Foundation
package import NIOHTTP1

/// A request for a socket, read from its head alone (RFC 6455, section 4.2.1).
package struct UpgradeRequest: Hashable, Sendable {
    /// The one room of this socket; `nil` for all of the person's.
    package let room: String?
    /// `nil` when none were shown: the first frame has to bring them.
    package let credentials: SocketCredentials?
    /// The subprotocol to answer with. Browsers give up without an answer; the token is never part of it.
    package let subprotocol: String?
    /// Compression as the client would have it, if it can do that at all.
    package let deflate: DeflateOffer?

    /// - Parameters:
    ///   - path: the target without what the public URL has in front.
    ///   - sessionCookie: the name of the cookie that stands for a signed-in browser.
    /// - Returns: `nil` when the request does not ask for a WebSocket at one of our addresses.
    package init?(_ head: HTTPRequestHead, path: String, sessionCookie: String) {
        guard head.method == .GET, Self.asksForWebSocket(head.headers), let room = Self.room(ofPath: path)
        else {
            return nil
        }
        self.room = room.slug
        let offered = Self.subprotocols(head.headers)
        let bearer = offered.first?.lowercased() == "bearer"
        subprotocol = bearer && !Self.isWscatWithHeader(head.headers) ? "Bearer" : nil
        deflate = DeflateOffer(headers: head.headers["sec-websocket-extensions"])
        credentials = Self.credentials(
            head, bearer: bearer ? (offered.dropFirst().first ?? "") : nil, sessionCookie: sessionCookie)
    }

    /// Why the handshake itself cannot be answered; `nil` when it can.
    package static func handshakeFault(_ headers: HTTPHeaders) -> HandshakeFault? {
        guard headers["sec-websocket-version"] == ["13"] else { return .version }
        let keys = headers["sec-websocket-key"]
        guard keys.count == 1, Data(base64Encoded: keys[0])?.count == 16 else { return .key }
        return nil
    }

    package enum HandshakeFault: Sendable {
        case version
        case key
    }

    /// Upgrade and Connection are lists in any case, maybe over several lines, maybe beside other values.
    private static func asksForWebSocket(_ headers: HTTPHeaders) -> Bool {
        headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
            && headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }

    /// `/ws`, `/ws/`, `/ws/chat/{slug}`, `/ws/chat/{slug}/`.
    private static func room(ofPath uri: String) -> (slug: String?, Void)? {
        let path = uri.prefix { $0 != "?" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let names = parts.last == "" ? parts.dropLast() : parts
        switch Array(names) {
        case ["ws"]: return (nil, ())
        case let parts where parts.count == 3 && parts[0] == "ws" && parts[1] == "chat" && !parts[2].isEmpty:
            return (String(parts[2]), ())
        default: return nil
        }
    }

    private static func subprotocols(_ headers: HTTPHeaders) -> [String] {
        headers["sec-websocket-protocol"].flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// `wscat -H "Sec-WebSocket-Protocol: …"`, as RelayDesk's recipe has it. Its library (ws for Node) does not know of
    /// a header that was added so, and gives up on any answer to it; every other client wants one. It is told by what
    /// it sends: no Origin and no User-Agent, this one extension offer, and the comma with a space, where the library
    /// itself writes none.
    private static func isWscatWithHeader(_ headers: HTTPHeaders) -> Bool {
        !headers.contains(name: "origin") && !headers.contains(name: "user-agent")
            && headers["sec-websocket-extensions"] == ["permessage-deflate; client_max_window_bits"]
            && headers["sec-websocket-protocol"].first?.contains(", ") == true
    }

    /// The first way in that is present, in the order of docs/protocol.md. Other cookies, and what proxies ask for with
    /// `Authorization: Basic`, are not for us.
    private static func credentials(
        _ head: HTTPRequestHead, bearer: String?, sessionCookie: String
    ) -> SocketCredentials? {
        if let bearer { return .accessToken(bearer) }
        let authorization = head.headers.first(name: "authorization")?.split(separator: " ", maxSplits: 1) ?? []
        if authorization.first?.lowercased() == "bearer" {
            return .accessToken(authorization.count == 2 ? String(authorization[1]) : "")
        }
        let query = URLComponents(string: head.uri)?.queryItems ?? []
        if let ticket = query.first(where: { $0.name == "ticket" }) { return .ticket(ticket.value ?? "") }
        if let token = query.first(where: { $0.name == "token" }) { return .queryToken(token.value ?? "") }
        let cookies = head.headers["cookie"].flatMap { $0.split(separator: ";") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
        return cookies.first { $0.hasPrefix(sessionCookie + "=") }.map {
            .sessionCookie(String($0.dropFirst(sessionCookie.count + 1)), origin: head.headers.first(name: "origin"))
        }
    }
}
