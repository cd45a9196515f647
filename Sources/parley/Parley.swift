import ArgumentParser
import Foundation
import Logging

/// The program. Its commands are in `Commands/`, one file for each noun.
@main
struct Parley: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "A chat server of your own: rooms, direct messages, in the browser and over an open API.",
        discussion: """
            New here? Run `parley demo`, then `parley serve`, and open the address that it prints.

            Every setting is a flag of every command (`parley settings` lists them), an environment variable named \
            PARLEY_…, and a line in a settings file.
            """,
        version: version,
        subcommands: [
            Serve.self, Demo.self, Migrate.self, ShowSettings.self, UserCommand.self, RoomCommand.self,
            KeysCommand.self, MailCommand.self, ProxyConfigCommand.self, DoctorCommand.self, DoctorKeyCommand.self,
            OpenAPI.self, Routes.self,
        ])

    /// Takes the settings out of the command line, then lets ArgumentParser have the rest.
    static func main() async {
        // What is written is for its owner alone: the database, its log, the keys.
        umask(0o077)
        do {
            let flags = try FlagReader(Array(CommandLine.arguments.dropFirst()))
            let environment = ProcessInfo.processInfo.environment
            let sources = try await SettingsSources(flags: flags.flags, environment: environment)
            try await Self.$sources.withValue(sources) {
                var command = try parseAsRoot(flags.rest)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            }
        } catch let error as any CustomStringConvertible & Error where !isParserError(error) {
            FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
            Foundation.exit(1)
        } catch {
            exit(withError: error)
        }
    }

    /// Where the settings' values come from, for the command that runs. Set once, before it does.
    @TaskLocal static var sources: SettingsSources?

    /// The settings in force.
    /// - Throws: `SettingsError`.
    static func settings() throws -> Settings {
        guard let sources else { preconditionFailure("a command outside of main") }
        return try Settings(sources)
    }

    /// ArgumentParser's own errors know best how to show themselves, and with which exit code.
    private static func isParserError(_ error: any Error) -> Bool {
        error is ExitCode || error is ValidationError || error is CleanExit
            || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
