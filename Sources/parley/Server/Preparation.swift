import Chat
import Logging
import Proxy
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
        // The settings allow that on this machine alone, and the data has to be nobody's as well.
        if core.settings.needsEmail, core.mailer == nil, try await core.chat.hasDemoData() != true {
            let error = SettingsError.conflict(
                "email-verification=required needs smtp-url: without it codes are only printed where the demo data is.")
            core.logger.critical("codes cannot be sent", metadata: ["error": "\(error)"])
            throw error
        }
        if !core.settings.publicURL.isLocal, try await core.chat.hasDemoData() == true {
            core.logger.critical(
                "the demo people are on a server that others reach: anybody signs in as admin with the password of the documents"
            )
        }
        health.becomeReady()
        core.logger.info("ready")
        try? await gracefulShutdown()
    }
}
