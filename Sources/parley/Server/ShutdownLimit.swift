import Foundation
import Logging
import ServiceLifecycle

/// Ends the program when its orderly end takes too long, so that a client who does not let go cannot keep it.
///
/// Nothing is lost by it: whatever was acknowledged is on disk.
struct ShutdownLimit: Service {
    let logger: Logger

    /// Below the 10 s that container engines wait before they kill.
    private static let limit = Duration.seconds(8)

    func run() async throws {
        do {
            try await gracefulShutdown()
        } catch {
            // The program ends because something failed: not with success, and not by this.
            return
        }
        // A thread of its own: it must fire also when everything else is stuck.
        let logger = logger
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: Double(Self.limit.components.seconds))
            logger.warning("some connections did not end in time and were cut")
            exit(0)
        }
    }
}
