import ArgumentParser
import Logging
import Wire

struct Routes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print every method and path that the server answers, but the sockets' own: for tests and audits.",
        shouldDisplay: false)

    @Flag(help: "Print the types of the frames that a socket takes instead.")
    var frames = false

    func run() async throws {
        guard !frames else { return print(ClientFrame.Kind.allCases.map(\.rawValue).joined(separator: "\n")) }
        let app = try await ServerApp(try Parley.settings(), logger: .parley(.error))
        for route in app.routes.sorted() { print(route) }
    }
}
