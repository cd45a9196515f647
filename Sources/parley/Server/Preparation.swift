import Logging
import ServiceLifecycle
import Storage
import Web

/// Brings the database up to date after the server has begun to listen, so that whoever asks meanwhile is told to wait
/// and not refused.
struct Preparation: Service {
    let core: Core
    let health: Health

    func run() async throws {
        try await BlockingWork.run(core.database.migrate)
        health.becomeReady()
        core.logger.info("ready")
        try? await gracefulShutdown()
    }
}
