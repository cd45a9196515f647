import Foundation
import NIOCore
import Realtime
import ServiceLifecycle

/// The listener and its connections. It ends when the last socket has said goodbye: Hummingbird's server knows of those
/// that speak HTTP alone.
struct ConnectionService: Service {
    let server: any Service
    let openSockets: OpenSockets
    let events: EventStreams
    let address: ListenAddress

    func run() async throws {
        do {
            try await withGracefulShutdownHandler {
                try await server.run()
            } onGracefulShutdown: {
                events.quiesce()
            }
        } catch let error as IOError {
            throw CannotListen(address: address, reason: String(cString: strerror(error.errnoCode)))
        }
        await openSockets.waitUntilNone()
    }
}

/// The address to listen on cannot be had.
struct CannotListen: Error, CustomStringConvertible {
    let address: ListenAddress
    let reason: String

    var description: String { "Cannot listen on \(address): \(reason). Choose another with --listen HOST:PORT." }
}
