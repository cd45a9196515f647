import ArgumentParser
import Model
import Outgoing
import Storage
import Web

struct MailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail", abstract: "Try out mail, and see what waits.", subcommands: [Test.self, Queue.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a test mail, and print what the mail server says.",
            discussion: "The exit status is 0 where the mail server took it.")

        @Argument(help: "Whom to.")
        var address: String

        @Flag(help: "Put it into the queue instead, for the running server to send.")
        var queued = false

        func run() async throws {
            let settings = try Parley.settings()
            guard let mail = settings.mail else { throw MailNotSetUp() }
            let recipient = try EmailAddress(address)
            let templates = try Templates(directory: WebDirectory.find(settings.webDirectory), reloads: false)
            let letter = try Letters(templates: templates, publicURL: settings.publicURL).test()
            if queued {
                let id = try await Core.forCommand().mailer?.enqueue(letter, to: recipient)
                print("Mail \(id?.rawValue ?? 0) to \(recipient) is in the queue. To see it: parley mail queue")
                return
            }
            let message = try MailMessage(
                from: mail.from, to: recipient, letter: letter, id: MailMessage.makeID(), date: .now)
            let sender = SMTPSender(mail.server)
            let said: String
            do {
                said = try await sender.send(message)
            } catch {
                await sender.finish()
                throw error
            }
            await sender.finish()
            print("\(mail.server.address) took the mail to \(recipient): \(said)")
        }
    }

    struct Queue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the mail that waits, and what was given up lately, with the reason.")

        @Option(help: "How many to list, 1 to 10000.")
        var limit = 100

        func validate() throws {
            guard (1...10_000).contains(limit) else { throw ValidationError("--limit is 1 to 10000.") }
        }

        func run() async throws {
            let core = try await Core.forCommand()
            if core.mailer == nil { print("\(MailNotSetUp())") }
            let records = try await core.stores.mail.unsent(limit: limit)
            if records.isEmpty { print("No mail waits.") }
            for record in records {
                print(
                    "\(record.id.rawValue)\t\(record.recipient)\t\(Self.state(record))\t\(record.subject)\t\(record.lastError ?? "")"
                )
            }
        }

        private static func state(_ record: MailRecord) -> String {
            let attempts = "\(record.attempts) attempt\(record.attempts == 1 ? "" : "s")"
            return switch record.state {
            case .waiting(let next): "waiting until \(next.iso8601), \(attempts)"
            case .sent(let moment): "sent \(moment.iso8601)"
            case .failed(let moment): "given up \(moment.iso8601), \(attempts)"
            }
        }
    }
}

/// There is no mail server.
struct MailNotSetUp: Error, CustomStringConvertible {
    var description: String { "No mail is sent: smtp-url and mail-from are not set. docs/mail.md says how to." }
}
