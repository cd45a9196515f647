import Foundation
import NIOCore
import Realtime
import ServiceLifecycle

/// The listeners and their connections. It ends when the last socket has said goodbye: Hummingbird's servers know of those
/// that speak HTTP alone.
struct ConnectionService: Service {
    let servers: [(address: ListenAddress, server: any Service)]
    let openSockets: OpenSockets
    let events: EventStreams

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (address, server) in servers { group.addTask { try await Self.run(server, at: address) } }
                try await group.waitForAll()
            }
        } onGracefulShutdown: {
            events.quiesce()
        }
        await openSockets.waitUntilNone()
    }

    private static func run(_ server: any Service, at address: ListenAddress) async throws {
        do {
            if case .unix(let path) = address { try UnixSocketFile.removeStale(path) }
            try await server.run()
        } catch let error as IOError {
            throw CannotListen(address: address, reason: String(cString: strerror(error.errnoCode)))
        }
    }
}

/// The address to listen on cannot be had.
struct CannotListen: Error, CustomStringConvertible {
    let address: ListenAddress
    let reason: String

    var description: String { "Cannot listen on \(address): \(reason). Choose another with --listen." }
}
