import Foundation
package import Logging
import Model
import NIOCore
import NIOHTTP1
import Proxy

/// Says whose socket a line in the log is about. It is kept as its parts, since a logger with metadata of its own would
/// cost each socket half a kilobyte. Event loop only.
package final class SocketLog {
    private let logger: Logger
    private let request: String
    private let path: String
    private let address: String
    var user: UserID?

    package init(_ logger: Logger, request: String = "", path: String = "", address: String = "") {
        self.logger = logger
        self.request = request
        self.path = path
        self.address = address
    }

    /// With the request's own id, path and visitor. The query is left out: it may hold a ticket.
    convenience init(_ logger: Logger, head: HTTPRequestHead, _ visitor: Visitor) {
        self.init(
            logger, request: UUID().uuidString.prefix(8).lowercased(),
            path: head.uri.prefix { $0 != "?" }.excerpt(200),
            address: visitor.description)
    }

    func callAsFunction(
        _ level: Logger.Level, _ message: @autoclosure () -> Logger.Message,
        _ metadata: @autoclosure () -> Logger.Metadata = [:]
    ) {
        guard level >= logger.logLevel else { return }
        var all = metadata()
        if !request.isEmpty { all["request"] = "\(request)" }
        if !path.isEmpty { all["path"] = "\(path)" }
        if !address.isEmpty { all["address"] = "\(address)" }
        if let user { all["user"] = "\(user.rawValue)" }
        logger.log(level: level, message(), metadata: all)
    }
}
