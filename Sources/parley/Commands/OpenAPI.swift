import ArgumentParser
import Web

struct OpenAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the HTTP API's description (OpenAPI 3.1).",
        discussion: "A running server has it at /api/openapi.json.")

    func run() async throws {
        print(OpenAPIDocument(limits: try Parley.settings().limits, version: Parley.version).json)
    }
}
