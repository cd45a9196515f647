import ArgumentParser
import Logging

struct Routes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print every method and path that the server answers, but the sockets' own: for tests and audits.",
        shouldDisplay: false)

    func run() async throws {
        let app = try await ServerApp(try Parley.settings(), logger: .parley(.error))
        for route in app.routes.sorted() { print(route) }
    }
}
