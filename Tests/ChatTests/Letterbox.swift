import Model
import Synchronization

@testable import Chat

/// Letters that a chat wrote, in the order in which they were.
final class Letterbox: Post {
    private let letters = Mutex<[(letter: AccountLetter, address: String, username: String)]>([])
    private let errands: Errands

    init(errands: Errands) { self.errands = errands }

    var sendsMail: Bool { true }

    func send(_ letter: AccountLetter, to address: EmailAddress, of user: User) async throws {
        letters.withLock { $0.append((letter, address.description, user.username)) }
    }

    /// All so far, taken out, in words.
    func take() async -> [String] {
        await errands.finish()
        return letters.withLock { letters in
            defer { letters = [] }
            return letters.map { "\(Self.name($0.letter)) to \($0.address) of \($0.username)" }
        }
    }

    /// The code, or the token, in the one letter that there is.
    func takeSecret() async -> String? {
        await errands.finish()
        return letters.withLock { letters in
            defer { letters = [] }
            guard letters.count == 1 else { return nil }
            return switch letters[0].letter {
            case .verification(let code, _): code
            case .passwordReset(let token, _): token
            default: nil
            }
        }
    }

    private static func name(_ letter: AccountLetter) -> String {
        switch letter {
        case .verification: "code"
        case .addressInUse: "address in use"
        case .welcome: "welcome"
        case .passwordReset: "reset"
        case .passwordChanged: "password changed"
        case .emailChanged(let new): new == nil ? "address removed" : "address changed"
        case .secondFactorOff: "second factor off"
        case .passkeyAdded: "passkey added"
        }
    }
}
