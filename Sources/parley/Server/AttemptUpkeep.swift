import Logging
import Model
import ServiceLifecycle
import Storage
import Web

/// Forgets sign-ins with providers that expired an hour ago: until then a late visitor is told so, and not that there
/// never was such a sign-in.
struct AttemptUpkeep: Service {
    let core: Core
    let health: Health

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await health.waitUntilReady()
            while !Task.isCancelled {
                do {
                    try await core.stores.attempts.prune(before: .now + Seconds(-3600))
                } catch is CancellationError {
                    return
                } catch {
                    core.logger.error("old sign-ins could not be removed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(600))
            }
        }
    }
}
