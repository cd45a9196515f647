import Chat
import ServiceLifecycle

/// At the end of the server, waits for the mail that is being written: who was told that it is on its way gets it.
struct ErrandUpkeep: Service {
    let core: Core

    func run() async throws {
        try? await gracefulShutdown()
        await core.errands.finish()
    }
}
