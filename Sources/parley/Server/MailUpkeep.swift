import Logging
import Model
import Outgoing
import ServiceLifecycle
import Storage
import Web

/// Sends the mail that waits, as it comes and when its time has come again, and forgets what is long done.
struct MailUpkeep: Service {
    let core: Core
    let mailer: Mailer
    let queue: MailQueue
    let sender: SMTPSender
    let health: Health

    /// How often the queue is looked at: the command line puts mail there, too, and is another process.
    private static let interval = Duration.seconds(1)
    /// How long it is known that a mail was sent, and to whom.
    private static let keptFor = Seconds.days(30)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await health.waitUntilReady()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await send() }
                group.addTask { await prune() }
            }
        }
        await sender.finish()
    }

    private func send() async {
        let (turns, turn) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in mailer.arrivals { turn.yield() }
            }
            group.addTask {
                while (try? await Task.sleep(for: Self.interval)) != nil { turn.yield() }
            }
            group.addTask {
                for await _ in turns { await queue.sendDue(at: .now) }
            }
        }
    }

    private func prune() async {
        while !Task.isCancelled {
            do {
                try await core.stores.mail.prune(before: .now + Seconds(-Self.keptFor.count))
            } catch is CancellationError {
                return
            } catch {
                core.logger.error("old mail could not be removed", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(3600))
        }
    }
}
