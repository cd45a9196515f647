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
            if try await BlockingWork.run(core.database.beginStream) {
                core.logger.notice("the database was restored from a copy; clients load their rooms anew")
            }
        } catch {
            core.logger.critical("the database cannot be brought up to date", metadata: ["error": "\(error)"])
            throw error
        }
        health.becomeReady()
        core.logger.info("ready")
        try? await gracefulShutdown()
    }
}
