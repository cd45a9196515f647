import ArgumentParser
import Chat
import Proxy

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create demo people and rooms to try the chat with.",
        discussion: """
            Twelve people (admin, titania, oberon, puck … with the password faerie123; omni with omnifae42) and some \
            rooms. Running it again changes nothing. Their passwords are public, so a server with a public address \
            refuses.
            """)

    @Flag(help: "Also on a server whose public URL is not local. Anybody can then sign in as its admin.")
    var force = false

    func run() async throws {
        let settings = try Parley.settings()
        guard settings.publicURL.isLocal || force else {
            throw DemoRefused(publicURL: settings.publicURL.description)
        }
        let core = try await Core.forCommand()
        try await core.chat.seedDemoData { print("Created \($0)") }
        print("The demo people and rooms are there.")
    }

    private struct DemoRefused: Error, CustomStringConvertible {
        let publicURL: String

        var description: String {
            """
            The public URL is \(publicURL), and the demo passwords are known to everybody. Nothing was created. Use \
            --force if you mean it.
            """
        }
    }
}
