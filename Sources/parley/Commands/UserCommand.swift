import ArgumentParser
import Auth
import Chat
import Foundation
import Model
import Storage

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Make and manage people's accounts.",
        subcommands: [
            Create.self, List.self, SetPassword.self, SetRole.self, SetEmail.self, RemoveSecondFactor.self,
            Disable.self, Enable.self, Delete.self,
        ])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an account.",
            discussion: "The password is read from standard input, so that it is in no history and no process list.")

        @Argument(help: "The username: 2 to 32 of a–z 0–9 . _ -")
        var username: String

        @Option(help: "The name that others see; the username where not given.")
        var name: String?

        @Option(help: "admin, moderator, member or guest.")
        var role: Role = .member

        func run() async throws {
            let core = try await Core.forCommand()
            // Told before a password is asked for.
            let username = try Rules.username(username)
            guard try await core.stores.users.user(named: username) == nil else {
                throw ChatError(.usernameTaken, "There is somebody called \(username) already.", field: "username")
            }
            let user = try await core.authenticator.register(
                username: username, name: name, password: try Password.read(), role: role)
            print("Created \(user.username) (\(user.role.rawValue)).")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all accounts.")

        func run() async throws {
            let core = try await Core.forCommand()
            let emails = try await core.chat.allEmails()
            for user in try await core.chat.allUsers() {
                let role = user.role.rawValue + (user.isBot ? " (bot)" : "")
                let suspension = user.suspendedUntil.map { "suspended \(Restriction(until: $0).words)" }
                let state = suspension ?? (user.isDisabled ? "disabled" : "active")
                let email = emails[user.id]
                let address =
                    email?.verified.map { "\t\($0)" } ?? email?.claim.map { "\t\($0.address) (not verified)" } ?? ""
                print("\(user.username)\t\(role)\t\(state)\t\(user.name)\(address)")
            }
        }
    }

    struct SetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set-password", abstract: "Give an account a new password, read from standard input.")

        @Argument(help: "The username.")
        var username: String

        func run() async throws {
            let core = try await Core.forCommand()
            let user = try await core.chat.setPassword(try Password.read(), username: username, by: .operatorOfServer)
            await core.errands.finish()
            print("\(user.username) has a new password.")
        }
    }

    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set-role", abstract: "Change what somebody may do.")

        @Argument(help: "The username.")
        var username: String

        @Argument(help: "admin, moderator, member or guest.")
        var role: Role

        func run() async throws {
            let core = try await Core.forCommand()
            let user = try await core.chat.setRole(role, username: username, by: .operatorOfServer)
            print("\(user.username) is \(role.rawValue).")
        }
    }

    struct SetEmail: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set-email", abstract: "Say which address is somebody's, without a code being sent.",
            discussion: "Only where you know it: whoever reads mail to it can set a new password.")

        @Argument(help: "The username.")
        var username: String

        @Argument(help: "The address, or none to take it away.")
        var address: String

        func run() async throws {
            let address = address == "none" ? nil : try EmailAddress(address)
            let core = try await Core.forCommand()
            let user = try await core.chat.setEmail(address, username: username, by: .operatorOfServer)
            await core.errands.finish()
            print("\(user.username) has \(address.map { "the address \($0)" } ?? "no address").")
        }
    }

    struct RemoveSecondFactor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove-second-factor",
            abstract: "Let somebody who lost their telephone and their recovery codes sign in with the password alone.")

        @Argument(help: "The username.")
        var username: String

        func run() async throws {
            let core = try await Core.forCommand()
            let had = try await core.chat.removeSecondFactor(username: username, by: .operatorOfServer)
            await core.errands.finish()
            print(had ? "\(username) signs in with the password alone now." : "\(username) has no second factor.")
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lock somebody out. Their messages stay; their sign-ins end.")

        @Argument(help: "The username.")
        var username: String

        func run() async throws {
            let core = try await Core.forCommand()
            let user = try await core.chat.setDisabled(true, username: username, by: .operatorOfServer)
            print("\(user.username) is disabled.")
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete somebody's account, for good.",
            discussion: "What becomes of their messages, deleted-messages says. Nobody gets the username again.")

        @Argument(help: "The username.")
        var username: String

        func run() async throws {
            let core = try await Core.forCommand()
            let person = try await core.chat.deleteUser(username: username, by: .operatorOfServer)
            print("The account \(person.username) is deleted.")
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let somebody who was disabled in again.")

        @Argument(help: "The username.")
        var username: String

        func run() async throws {
            let core = try await Core.forCommand()
            let user = try await core.chat.setDisabled(false, username: username, by: .operatorOfServer)
            print("\(user.username) is enabled.")
        }
    }
}

extension Role: ExpressibleByArgument {}

/// A password from standard input: typed without an echo on a terminal, else the first line.
private enum Password {
    static func read() throws -> String {
        let isTerminal = isatty(STDIN_FILENO) == 1
        var before = termios()
        if isTerminal {
            FileHandle.standardError.write(Data("Password: ".utf8))
            tcgetattr(STDIN_FILENO, &before)
            var silent = before
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSANOW, &silent)
        }
        defer {
            if isTerminal {
                tcsetattr(STDIN_FILENO, TCSANOW, &before)
                FileHandle.standardError.write(Data("\n".utf8))
            }
        }
        guard let line = readLine(), !line.isEmpty else {
            throw ValidationError("A password is needed on standard input.")
        }
        return line
    }
}
