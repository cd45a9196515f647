import Crypto
import Testing

@testable import Doctor

@Suite("The doctor's key")
struct DoctorKeyTests {
    private let desk = DoctorDesk(root: SymmetricKey(size: .bits256))
    private let now: Int64 = 1_800_000_000

    @Test("is read as it is written, and its questions are answered with a proof")
    func roundTrip() throws {
        let key = try #require(DoctorKey(desk.key(expiresAt: now + 60).text))
        let proof = try #require(desk.proof(for: key.question("abc"), now: now))
        #expect(key.accepts(proof, for: "abc"))
        #expect(!key.accepts(proof, for: "abd"), "a cache's answer is not taken for the server's")
        #expect(!key.question("abc").contains(key.text.split(separator: ".")[2]), "the key itself does not travel")
    }

    @Test("is worth nothing once it has expired, or at another server, or with another date")
    func refused() throws {
        let key = desk.key(expiresAt: now + 60)
        #expect(desk.proof(for: key.question("abc"), now: now + 60) == nil)
        #expect(DoctorDesk(root: SymmetricKey(size: .bits256)).proof(for: key.question("abc"), now: now) == nil)
        let later = key.question("abc").replacing("\(now + 60)", with: "\(now + 999)")
        #expect(desk.proof(for: later, now: now) == nil)
    }

    @Test(
        "asks nothing with garbage",
        arguments: [
            "", ".", "..", "1.2.3", "9999999999.abc.", "9999999999.abc.%%%", String(repeating: "9", count: 9999),
        ])
    func garbage(question: String) {
        #expect(desk.proof(for: question, now: now) == nil)
        #expect(DoctorKey(question) == nil)
    }
}
