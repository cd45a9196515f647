import Foundation
import Logging
import Realtime
import ServiceLifecycle

/// Takes up a certificate that was renewed, for the connections to come. Those that are open keep theirs.
struct CertificateUpkeep: Service {
    let certificate: ServerCertificate
    let logger: Logger

    /// How often the files are looked at.
    private static let interval = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var lastFault: String?
            while (try? await Task.sleep(for: Self.interval)) != nil {
                lastFault = await renew(lastFault: lastFault)
            }
        }
    }

    /// - Parameter lastFault: what was wrong the last time; not said again.
    /// - Returns: what is wrong now.
    private func renew(lastFault: String?) async -> String? {
        do {
            guard let end = try await BlockingWork.run(certificate.renew) else { return nil }
            logger.notice("a renewed certificate is in use", metadata: ["until": "\(end.ISO8601Format())"])
            return nil
        } catch {
            let fault = "\(error)"
            if fault != lastFault {
                logger.warning(
                    "a renewed certificate cannot be used; the one before it stays", metadata: ["error": "\(fault)"])
            }
            return fault
        }
    }
}
