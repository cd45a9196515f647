import ArgumentParser
import Auth
import Foundation
import Model
import Storage

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List and change the server's keys, one by one. Nobody is signed out by it.",
        subcommands: [List.self, Rotate.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys by what they are for, and when each was changed. No key is shown.")

        func run() async throws {
            let core = try await Core.forCommand()
            let place = core.settings.messageKeys == nil ? "the data directory" : "the setting message-keys"
            print("messages\tkey \(core.cipher.currentKey.rawValue), in \(place)")
            for purpose in KeyPurpose.allCases {
                let changed = core.keys.rotations(of: purpose).last.map { "changed \($0.createdAt.iso8601)" }
                print("\(purpose.rawValue)\t\(changed ?? "the first, of the server's secret")")
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a new key in the place of one.",
            discussion: """
                messages: all messages are encrypted anew. A running server takes the key up within seconds and does so in \
                the background; without one it is done here. It may be cut off at any moment: the server goes on with it. \
                Older keys stay in the file, for backups that were made with them.

                The others: what was made with the older key stays good for as long as it would have. Start the server \
                again for it to take the key up.
                """)

        @Argument(help: "messages, access-tokens, form-tokens, pending-sign-ins or doctor.")
        var what = "messages"

        func validate() throws {
            guard what == "messages" || KeyPurpose(rawValue: what) != nil else {
                let all = KeyPurpose.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("There are no keys for \(what): there are messages, \(all).")
            }
        }

        func run() async throws {
            let core = try await Core.forCommand()
            if let purpose = KeyPurpose(rawValue: what) {
                try ServerKeys.rotate(purpose, secret: core.secret, dataDirectory: core.settings.dataDirectory)
                print("A new key for \(what) is there. Start the server again for it to take it up.")
            } else {
                try await rotateMessages(core)
            }
        }

        private func rotateMessages(_ core: Core) async throws {
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
