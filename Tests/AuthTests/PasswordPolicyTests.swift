import Model
import Testing

@testable import Auth

@Suite struct PasswordPolicyTests {
    private let policy = PasswordPolicy(limits: Limits(), host: "chat.faerie.example")

    private func sentence(_ password: String, names: [String] = []) -> String? {
        do {
            try policy.check(password, names: names)
            return nil
        } catch {
            let error = error as? ChatError
            return error?.code == .invalidField && error?.field == "password" ? error?.message : "another error"
        }
    }

    @Test(arguments: ["password1", "PassWord1", "12345678", "qwertyuiop", "1q2w3e4r5t"])
    func `A password that everybody's guessing begins with is refused, in whatever letters`(password: String) {
        #expect(sentence(password)?.contains("guessed first") == true)
    }

    @Test(arguments: ["titania2026", "Titania!!!", "9999titania", "titania@example.org", "Queen of Faeries"])
    func `A name of one's own is refused, and with digits and signs around it too`(password: String) {
        let names = ["titania", "Queen of Faeries", "titania@example.org"]
        #expect(sentence(password, names: names)?.contains("name of yours") == true)
        #expect(sentence(password) == nil)
    }

    @Test(arguments: ["parley2026", "Faerie.1234", "chat.faerie.example"])
    func `The server's name is refused`(password: String) {
        #expect(sentence(password)?.contains("server's name") == true)
    }

    @Test(arguments: [
        "titania and puck", "mytitania", "83749261", "\u{1F9DA}\u{1F9DA}\u{1F9DA}\u{1F9DA}12345", "!!!!!!!!_",
        "trotzdem ä",
    ])
    func `Other passwords are taken, whatever they are made of`(password: String) {
        #expect(sentence(password, names: ["titania", "123", ""]) == nil)
    }

    @Test func `The list is what its source has of the length that passwords must have`() {
        #expect(CommonPasswords.count == 11_611)
    }
}
