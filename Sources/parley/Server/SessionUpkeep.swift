import Logging
import Model
import ServiceLifecycle
import Storage
import Web

/// Forgets sign-ins that ended a day ago or longer.
struct SessionUpkeep: Service {
    let core: Core
    let health: Health

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await health.waitUntilReady()
            while !Task.isCancelled {
                do {
                    try await core.stores.sessions.prune(before: .now + .days(-1))
                } catch is CancellationError {
                    return
                } catch {
                    core.logger.error("old sessions could not be removed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(3600))
            }
        }
    }
}
