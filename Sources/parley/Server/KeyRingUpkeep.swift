import Logging
import Model
import ServiceLifecycle
import Storage
import Web

/// Takes up keys that `parley keys rotate` has added, and encrypts anew what is still under older ones.
///
/// It keeps no note of how far it is: each message says which key it is under. Cut off at any moment, it goes on
/// where it was.
struct KeyRingUpkeep: Service {
    let core: Core
    let health: Health

    /// How often the file is looked at.
    private static let interval = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let file = KeyRingFile(dataDirectory: core.settings.dataDirectory)
            var seen: KeyID?
            await health.waitUntilReady()
            while !Task.isCancelled {
                await takeUp(file)
                if seen != core.cipher.currentKey, await reencrypt() { seen = core.cipher.currentKey }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    private func takeUp(_ file: KeyRingFile) async {
        guard core.settings.messageKeys == nil, let ring = try? await BlockingWork.run(file.load),
            ring.current != core.cipher.currentKey
        else { return }
        core.cipher.replaceRing(ring)
        core.logger.notice("message key ring has a new key", metadata: ["key": "\(ring.current.rawValue)"])
    }

    /// - Returns: whether it came to the end.
    private func reencrypt() async -> Bool {
        do {
            let done = try await Reencryption(messages: core.stores.messages).run()
            if done.changed + done.unreadable > 0 {
                core.logger.notice(
                    "messages are encrypted anew",
                    metadata: ["changed": "\(done.changed)", "unreadable": "\(done.unreadable)"])
            }
            return true
        } catch is CancellationError {
            return false
        } catch {
            core.logger.error("messages could not be encrypted anew", metadata: ["error": "\(error)"])
            return false
        }
    }
}
