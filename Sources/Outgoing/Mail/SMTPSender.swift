import CCurl
import Foundation
import Model

/// Takes a mail to where it goes. A protocol, so that the queue can be tried without a server.
package protocol MailTransport: Sendable {
    /// - Returns: what the server said when it took the mail.
    /// - Throws: `MailFault`, or `CancellationError`.
    func send(_ message: MailMessage) async throws -> String
}

/// Hands mail to a mail server (RFC 5321). A connection for each mail.
package struct SMTPSender: MailTransport {
    private let server: SMTPServer
    private let runner: CurlRunner

    package init(_ server: SMTPServer, runner: CurlRunner = CurlRunner(name: "smtp")) {
        self.server = server
        self.runner = runner
    }

    package func send(_ message: MailMessage) async throws -> String {
        let outcome: CurlOutcome
        do {
            outcome = try await runner.run(transfer(message))
        } catch let fault as CurlFault {
            throw MailFault(kind: .unreachable, description: "The mail could not be sent: \(fault)")
        }
        let replies = SMTPReply.all(in: outcome.head)
        guard outcome.result == CURLE_OK else { throw MailFault(outcome, replies, server) }
        return replies.last?.text ?? ""
    }

    /// Waits until libcurl has said farewell, or at most so many seconds.
    package func finish(atMost seconds: Double = 2) async {
        await runner.waitUntilIdle(atMost: seconds)
    }

    private func transfer(_ message: MailMessage) -> CurlTransfer {
        // The name of the sender's machine is the address's path.
        let name = server.ownName.addingPercentEncoding(withAllowedCharacters: .urlHostAllowed) ?? "localhost"
        var transfer = CurlTransfer(
            url: "\(server.address)/\(name)", schemes: server.address.isSecure ? "smtps" : "smtp", addresses: .any)
        transfer.upload = message.bytes
        transfer.authorities = server.authorities
        transfer.connectTime = min(server.time, .seconds(30))
        transfer.time = server.time
        transfer.texts = [(CURLOPT_MAIL_FROM, "<\(message.from.address)>")]
        transfer.lists = [(CURLOPT_MAIL_RCPT, ["<\(message.to)>"])]
        let security =
            switch server.startTLS {
            case _ where server.address.isSecure: CURLUSESSL_ALL
            case .required: CURLUSESSL_ALL
            case .ifOffered: CURLUSESSL_TRY
            case .never: CURLUSESSL_NONE
            }
        transfer.numbers = [
            (CURLOPT_USE_SSL, Int(security.rawValue)),
            // Also for the farewell.
            (CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, Int(server.time.components.seconds))),
        ]
        if let login = server.login {
            transfer.texts += [(CURLOPT_USERNAME, login.username), (CURLOPT_PASSWORD, login.password)]
        }
        return transfer
    }
}

/// What a mail server answered: a number and a text (RFC 5321, section 4.2).
struct SMTPReply: Hashable {
    let code: Int
    /// The number and its lines, as one line for people.
    let text: String

    /// All but the farewell (221), which libcurl may have waited for.
    /// - Parameter head: lines with CR LF, `250-` for those that go on.
    static func all(in head: [UInt8]) -> [SMTPReply] {
        var replies: [SMTPReply] = []
        var lines: [Substring] = []
        for line in CurlOutcome.lines(head) {
            guard let code = Int(line.prefix(3)), (200...599).contains(code) else { continue }
            lines.append(line.dropFirst(4))
            guard line.dropFirst(3).first != "-" else { continue }
            let text = "\(code) " + lines.joined(separator: " / ")
            if code != 221 { replies.append(SMTPReply(code: code, text: shown(text))) }
            lines = []
        }
        return replies
    }

    /// Somebody else wrote it, and it goes to terminals and logs.
    static func shown(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.excerpt(400).unicodeScalars.map {
                    [.control, .format].contains($0.properties.generalCategory) ? "\u{FFFD}" : $0
                }))
    }
}
