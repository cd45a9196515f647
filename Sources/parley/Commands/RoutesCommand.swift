import ArgumentParser
import Logging
import Wire

/// Every address that the server answers and every frame that it takes, for the test that walks them all.
struct RoutesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes", abstract: "Print every method and path, and every type of frame.", shouldDisplay: false)

    func run() async throws {
        let app = try await ServerApp(try Parley.settings(), logger: .parley(.error))
        for route in app.routes.sorted() { print(route) }
        for kind in ClientFrame.Kind.allCases { print("SOCKET \(kind.rawValue)") }
    }
}
