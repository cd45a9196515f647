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
        do {
            try await BlockingWork.run(core.database.migrate)
        } catch {
            core.logger.critical("the database cannot be brought up to date", metadata: ["error": "\(error)"])
            throw error
        }
        health.becomeReady()
        core.logger.info("ready")
        try? await gracefulShutdown()
    }
}
