import Realtime
import ServiceLifecycle

/// The listener and its connections. It ends when the last socket has said goodbye: Hummingbird's server knows of those
/// that speak HTTP alone.
struct ConnectionService: Service {
    let server: any Service
    let hub: Hub

    func run() async throws {
        try await server.run()
        await hub.waitUntilAllClosed()
    }
}
