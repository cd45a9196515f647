import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Realtime
import ServiceLifecycle

/// One address that is listened on.
struct Listener: Sendable {
    let address: ListenAddress
    let group: any EventLoopGroup
    let logger: Logger
    /// Told the port, once connections are accepted.
    var onListening: @Sendable (Int) async -> Void = { _ in }

    /// What listens, and serves what connects.
    ///
    /// - Parameters:
    ///   - responder: answers the requests.
    ///   - connection: what each connection is set up as.
    func server<Answers: HTTPResponder>(
        _ responder: Answers,
        connection: @escaping @Sendable (@escaping HTTPChannelHandler.Responder) -> ConnectionChannel
    ) -> (address: ListenAddress, server: any Service)
    where Answers.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let app = Application(
            responder: responder,
            server: HTTPServerBuilder { connection($0) },
            configuration: ApplicationConfiguration(address: address.bindAddress, backlog: 1024),
            onServerRunning: { channel in
                AcceptGuard.add(to: channel, logger: logger)
                if case .unix(let path) = address { UnixSocketFile.open(path) }
                if let port = channel.localAddress?.port { await onListening(port) }
            },
            eventLoopGroupProvider: .shared(group),
            logger: logger)
        return (address, app)
    }
}
