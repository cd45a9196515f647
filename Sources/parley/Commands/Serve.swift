import ArgumentParser
import Auth
import Chat
import Foundation
import Logging
import NIOCore
import NIOPosix
import Proxy
import ServiceLifecycle
import Storage
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the chat.",
        discussion: """
            Listens on 127.0.0.1:8080 and keeps its data in ./data, unless settings say otherwise. Put a reverse proxy \
            with TLS in front and set --public-url to the address that people type.

            The settings most often changed:
              --listen HOST:PORT
              --data-dir DIRECTORY
              --public-url URL
            All others: parley settings
            """)

    func run() async throws {
        let settings = try Parley.settings()
        let logger = Logger.parley(settings.logLevel)
        // Has to be said before the first use of the group.
        NIOSingletons.groupLoopCountSuggestion =
            settings.eventLoops > 0 ? settings.eventLoops : max(1, System.coreCount - 1)
        let claim = try DataDirectoryClaim(settings.dataDirectory)
        defer { withExtendedLifetime(claim) {} }
        let app = try await ServerApp(settings, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                // Ended in the order from the last to the first.
                services: [Welcome(app: app)] + app.services + [ShutdownLimit(logger: logger)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger.at(.warning)))
        try await group.run()
        try app.core.database.close()
        logger.info("ended")
    }

    /// Says on standard output where the chat is, once it is there.
    private struct Welcome: Service {
        let app: ServerApp

        func run() async {
            await cancelWhenGracefulShutdown {
                await app.waitUntilReady()
                // Who is stopped already has nobody to greet.
                guard !Task.isCancelled, let greeting = try? await greeting() else { return }
                FileHandle.standardOutput.write(Data(greeting.utf8))
            }
            try? await gracefulShutdown()
        }

        private func greeting() async throws -> String {
            var text = "\nParley \(Parley.version) is at \(app.core.settings.publicURL)\n"
            if try await app.core.chat.hasDemoData() == true {
                text += "Demo sign-ins: titania, oberon, puck … with faerie123; admin with faerie123\n"
            }
            if try await !app.core.chat.hasAdmin() {
                let link = "\(app.core.settings.publicURL)/setup/?token=\(app.core.setUpLink.token.text)"
                text += "Nobody runs it yet. Make your account here: \(link)\n"
            }
            return text + "Press Ctrl-C to stop.\n\n"
        }
    }
}

extension Logger {
    fileprivate func at(_ level: Level) -> Logger {
        var logger = self
        logger.logLevel = max(level, logLevel)
        return logger
    }
}
