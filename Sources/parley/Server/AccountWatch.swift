import Chat
import Logging
import Model
import ServiceLifecycle
import Web

/// Ends the sockets of people whom the operator disables, or whose sign-ins the operator ends, and gives them the role that
/// the operator gives, from the command line, which is another process; and the sockets of sign-ins whose time is over.
struct AccountWatch: Service {
    let core: Core
    let health: Health

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await health.waitUntilReady()
            var known: Set<UserID> = []
            var looked = Timestamp.now
            var audited: Int64?
            while !Task.isCancelled {
                do {
                    known = try await core.chat.noticeDisabledUsers(since: known)
                    let now = Timestamp.now
                    // A commit may take its time; one that is told of twice is ended already.
                    try await core.chat.noticeEndedSessions(since: looked + Seconds(-10))
                    looked = now
                    audited = try await core.chat.noticeChangedRoles(since: audited)
                } catch is CancellationError {
                    return
                } catch {
                    core.logger.error(
                        "disabled accounts and ended sign-ins could not be looked up", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}
