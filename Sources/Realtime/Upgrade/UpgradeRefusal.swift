import Foundation
import Model
import NIOCore
import NIOHTTP1

/// The answer to a request for a socket that is not opened: a real status and a problem body (RFC 9457).
struct UpgradeRefusal {
    let status: HTTPResponseStatus
    let headers: HTTPHeaders
    let body: ByteBuffer

    init(_ error: ChatError, status: HTTPResponseStatus? = nil, extraHeaders: HTTPHeaders = [:]) {
        let status = status ?? Self.status(for: error.code)
        let problem = Problem(
            title: status.reasonPhrase, status: Int(status.code), code: error.code.rawValue, detail: error.message)
        let json = (try? JSONEncoder().encode(problem)) ?? Data()
        var headers = extraHeaders
        headers.add(name: "Content-Type", value: "application/problem+json")
        headers.add(name: "Content-Length", value: String(json.count))
        headers.add(name: "Cache-Control", value: "no-store")
        if status == .unauthorized { headers.add(name: "WWW-Authenticate", value: "Bearer") }
        if error.code == .scopeMissing { headers.add(name: "WWW-Authenticate", value: error.challenge) }
        // NIO's decoder stops at a request that asks for an upgrade, so this connection carries no further one.
        headers.add(name: "Connection", value: "close")
        self.status = status
        self.headers = headers
        body = ByteBuffer(bytes: json)
    }

    init(_ fault: UpgradeRequest.HandshakeFault) {
        switch fault {
        case .version:
            self.init(
                ChatError(.upgradeRequired, "This server speaks version 13 of the WebSocket protocol."),
                status: .upgradeRequired, extraHeaders: ["Sec-WebSocket-Version": "13", "Upgrade": "websocket"])
        case .key:
            self.init(
                ChatError(.badRequest, "Sec-WebSocket-Key has to be 16 bytes in Base64."), status: .badRequest)
        }
    }

    /// 403 where signing in again would not help, 503 where waiting would, else 401.
    private static func status(for code: ChatError.Code) -> HTTPResponseStatus {
        switch code {
        case .originRefused, .accountDisabled, .queryTokenRefused, .roomNotFound, .notAMember, .addressRefused,
            .emailUnverified, .secondFactorRequired, .scopeMissing:
            .forbidden
        case .storageUnavailable, .tooBusy, .notReady: .serviceUnavailable
        case .internal: .internalServerError
        case .hostUnknown: .misdirectedRequest
        case .badRequest: .badRequest
        default: .unauthorized
        }
    }

    private struct Problem: Encodable {
        let type = "about:blank"
        let title: String
        let status: Int
        let code: String
        let detail: String
    }
}
