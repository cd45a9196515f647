import Logging
import Model
import Outgoing
import ServiceLifecycle
import Storage
import Web

/// Sends what people write to the hooks of their rooms, and forgets what is long done.
struct HookUpkeep: Service {
    let core: Core
    let health: Health

    /// How often rooms are looked at for something new. Where there are no hooks, that is one look-up in an empty table.
    private static let interval = Duration.milliseconds(250)

    func run() async throws {
        let queue = HookQueue(
            store: core.stores.outgoingHooks, fetch: core.fetch, allowsPlain: core.settings.allowsPlainHooks,
            limits: core.settings.hookLimits, logger: core.logger)
        await cancelWhenGracefulShutdown {
            await health.waitUntilReady()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await queue.run(every: Self.interval) }
                group.addTask { await tidy() }
            }
        }
    }

    private func tidy() async {
        while !Task.isCancelled {
            do {
                try await core.stores.outgoingHooks.prune(keeping: core.settings.hookLimits.keptMax)
                try await core.stores.outgoingHooks.reencryptSecrets()
            } catch is CancellationError {
                return
            } catch {
                core.logger.error("old deliveries to hooks could not be removed", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(60))
        }
    }
}
