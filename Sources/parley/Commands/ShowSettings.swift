import ArgumentParser

struct ShowSettings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "List all settings with their values, where these come from, and what each does.",
        discussion: "Secrets are not shown.")

    @Flag(help: "Print .env.example instead: every setting with its default.")
    var example = false

    @Flag(help: "Print docs/settings.md instead.")
    var markdown = false

    func run() async throws {
        if example { return print(SettingsListing.example, terminator: "") }
        if markdown { return print(SettingsListing.markdown, terminator: "") }
        _ = try Parley.settings()
        print(SettingsListing.table(Parley.sources?.all ?? []))
    }
}
