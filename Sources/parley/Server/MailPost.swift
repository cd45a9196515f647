import Chat
import Logging
import Model
import Outgoing
import Web

/// Letters about accounts, into the queue of mail.
struct MailPost: Post {
    let letters: Letters
    let mailer: Mailer

    var sendsMail: Bool { true }

    func send(_ letter: AccountLetter, to address: EmailAddress, of user: User) async throws {
        try await mailer.enqueue(try letters.letter(letter, to: user), to: address, usefulFor: letter.usefulFor)
    }
}

/// Codes, into the log: for trying things out on a server with demo data that has no mail server. Everybody who reads its log
/// can be anybody there, as everybody who knows the demo passwords can.
struct LoggedPost: Post {
    let logger: Logger

    var sendsMail: Bool { false }

    func send(_ letter: AccountLetter, to address: EmailAddress, of user: User) async throws {
        guard case .verification(let code, _) = letter else { return }
        logger.notice("no mail is sent here: a code", metadata: ["username": "\(user.username)", "code": "\(code)"])
    }
}

extension AccountLetter {
    /// After which it is of no use any more.
    fileprivate var usefulFor: Seconds? {
        switch self {
        case .verification(_, let time), .passwordReset(_, let time): time
        default: nil
        }
    }
}
