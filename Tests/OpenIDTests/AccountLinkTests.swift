import Model
import OpenID
import Testing

@Suite("An identity's account")
struct AccountLinkTests {
    private let alice = UserID(rawValue: 1)
    private let eve = UserID(rawValue: 2)

    private func identity(isVerified: Bool, email: String? = "alice@chat.example") -> Identity {
        Identity(
            issuer: "https://id.example", subject: "s", email: email, emailIsVerified: isVerified, name: nil,
            preferredUsername: nil, locale: nil)
    }

    @Test("is its owner's, whoever has the address by now", arguments: [true, false])
    func owner(isVerified: Bool) {
        let link = AccountLink.decide(
            identity(isVerified: isVerified), owner: alice, linking: nil, addressHolder: eve)
        #expect(link == .signIn(alice))
    }

    @Test("is the one that its address is verified of on both sides")
    func bothVerified() {
        let link = AccountLink.decide(identity(isVerified: true), owner: nil, linking: nil, addressHolder: alice)
        #expect(link == .link(alice))
    }

    @Test("is a new one without an address, where the provider has not verified it")
    func unverified() {
        for holder in [alice, nil] {
            let link = AccountLink.decide(identity(isVerified: false), owner: nil, linking: nil, addressHolder: holder)
            #expect(link == .create(verifiedEmail: nil))
        }
        let without = identity(isVerified: true, email: nil)
        #expect(
            AccountLink.decide(without, owner: nil, linking: nil, addressHolder: alice) == .create(verifiedEmail: nil))
    }

    @Test("is a new one with its address, where nobody has verified that here")
    func new() {
        let link = AccountLink.decide(identity(isVerified: true), owner: nil, linking: nil, addressHolder: nil)
        #expect(link == .create(verifiedEmail: "alice@chat.example"))
    }

    @Test("is that of who is signed in and asks, whatever the address")
    func linking() {
        let link = AccountLink.decide(identity(isVerified: false), owner: nil, linking: alice, addressHolder: eve)
        #expect(link == .link(alice))
        let again = AccountLink.decide(identity(isVerified: true), owner: alice, linking: alice, addressHolder: nil)
        #expect(again == .signIn(alice))
    }

    @Test("is not taken from another")
    func taken() {
        let link = AccountLink.decide(identity(isVerified: true), owner: eve, linking: alice, addressHolder: alice)
        #expect(link == .refuse)
    }
}
