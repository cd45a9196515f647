import ArgumentParser
import Foundation
import Model
import Storage

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Manage the keys that messages are encrypted with.",
        subcommands: [Rotate.self])

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a key, and encrypt all messages anew with it.",
            discussion: """
                A running server takes the key up within seconds and encrypts anew in the background; without one it is \
                done here. It may be cut off at any moment: the server goes on with it. Older keys stay in the file, \
                for backups that were made with them.
                """)

        func run() async throws {
            let core = try await Core.forCommand()
            guard core.settings.messageKeys == nil else {
                throw ValidationError(
                    "The keys come from the setting message-keys: add one there and start the server again.")
            }
            let ring = try KeyRingFile(dataDirectory: core.settings.dataDirectory).rotate()
            core.cipher.replaceRing(ring)
            print("Key \(ring.current.rawValue) is in use. Encrypting messages anew …")
            let done = try await Reencryption(messages: core.stores.messages).run { count in
                FileHandle.standardError.write(Data("\r\(count) messages".utf8))
            }
            print("\n\(done.changed) messages are under the new key.")
            if done.unreadable > 0 { print("\(done.unreadable) could not be read and were left as they are.") }
        }
    }
}
