import Foundation
package import Hummingbird
import NIOCore
import Proxy
import Realtime

/// What is known of a request besides the request itself.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Who sent the request; who connected to us, until the front door has looked at its headers.
    var visitor: Visitor
    let channel: any Channel
    /// Names the request in the log, and to the person who reports a fault.
    let requestID: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        visitor = Visitor(connected: Peer(of: source.channel))
        requestID = UUID().uuidString.prefix(8).lowercased()
    }
}
