import Foundation
package import Hummingbird
import NIOCore

/// What is known of a request besides the request itself.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The other side's address; `unix` where it has none.
    let address: String
    /// Names the request in the log, and to the person who reports a fault.
    let requestID: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "unix"
        requestID = UUID().uuidString.prefix(8).lowercased()
    }
}
