import ArgumentParser
import Chat
import Model
import Proxy
import Storage

struct RoomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "room", abstract: "Make and list rooms.", subcommands: [Create.self, List.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a public room, with nobody in it yet.")

        @Argument(help: "The room's name.")
        var name: String

        @Option(help: "The room's topic.")
        var topic = ""

        @Option(help: "The room's address part; made from the name where not given.")
        var slug: String?

        func run() async throws {
            let core = try await Core.forCommand()
            let room = try await core.chat.createRoom(name: name, topic: topic, slug: slug, by: nil)
            print("Created \(room.slug): \(core.settings.publicURL.link("/chat/\(room.slug)/"))")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all rooms but the direct ones.")

        func run() async throws {
            let core = try await Core.forCommand()
            for room in try await core.chat.allRooms() {
                print(
                    "\(room.slug)\t\(room.kind.rawValue)\t\(room.members) members\t\(room.messages) messages\t\(room.name)"
                )
            }
        }
    }
}
