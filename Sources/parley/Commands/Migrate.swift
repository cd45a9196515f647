import ArgumentParser

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database up to date.",
        discussion: "`parley serve` does this by itself when it starts. Running it again changes nothing.")

    func run() async throws {
        let core = try await Core.forCommand()
        print("The database in \(core.settings.dataDirectory) is up to date.")
    }
}
