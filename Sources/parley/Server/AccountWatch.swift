import Chat
import Logging
import Model
import ServiceLifecycle
import Web

/// Ends the sockets of people whom the operator disables from the command line, which is another process.
struct AccountWatch: Service {
    let core: Core
    let health: Health

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await health.waitUntilReady()
            var known: Set<UserID> = []
            while !Task.isCancelled {
                do {
                    known = try await core.chat.noticeDisabledUsers(since: known)
                } catch is CancellationError {
                    return
                } catch {
                    core.logger.error("disabled accounts could not be looked up", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
