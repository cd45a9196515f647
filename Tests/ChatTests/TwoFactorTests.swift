import Auth
import Crypto
import Model
import Storage
import Testing

@testable import Chat

@Suite("Codes of an app")
struct TwoFactorTests {
    /// What the app shows now, or a while later.
    private func code(_ enrolment: TwoFactor.Enrolment, later steps: Int64 = 0) -> String {
        enrolment.totp.code(at: TOTP.step(at: .now) + steps)
    }

    @Test("that are on are not replaced by others")
    func notReplaced() async throws {
        try await World.with { world in
            let (titania, twoFactor) = (try await world.person("titania").user, world.authenticator.twoFactor)
            let user = try #require(try await world.chat.stores.users.user(titania))
            let (first, second) = (twoFactor.enrol(titania), twoFactor.enrol(titania))
            let codes = try await twoFactor.turnOn(first.sealed, code: code(first), for: titania)
            await #expect(
                performing: { _ = try await twoFactor.turnOn(second.sealed, code: code(second), for: titania) },
                throws: isRefusal(.formStale))
            await #expect(
                performing: { try await twoFactor.check(code(second, later: 1), of: user, from: Client()) },
                throws: isRefusal(.codeWrong))
            // That of now was used up when they were turned on.
            try await twoFactor.check(code(first, later: 1), of: user, from: Client())
            try await twoFactor.check(codes[0], of: user, from: Client())
        }
    }

    @Test("are turned on within an hour, by who began it")
    func enrolment() async throws {
        try await World.with { world in
            let (titania, oberon) = (try await world.person("titania").user, try await world.person("oberon").user)
            let twoFactor = world.authenticator.twoFactor
            let begun = Timestamp.now + Seconds(-TwoFactor.enrolmentTime.count)
            let old = twoFactor.enrol(titania, now: begun)
            let (end, secret) = (old.sealed.prefix { $0 != "." }, old.sealed.drop { $0 != "." })
            let later = try #require(Int64(end)) + 3_600_000
            for sealed in [old.sealed, "\(later)\(secret)", String(secret.dropFirst()), ""] {
                await #expect(
                    performing: { _ = try await twoFactor.turnOn(sealed, code: code(old), for: titania) },
                    throws: isRefusal(.formStale))
            }
            let fresh = twoFactor.enrol(titania, now: begun + Seconds(60))
            await #expect(
                performing: { _ = try await twoFactor.turnOn(fresh.sealed, code: code(fresh), for: oberon) },
                throws: isRefusal(.formStale))
            #expect(try await twoFactor.turnOn(fresh.sealed, code: code(fresh), for: titania).count == 10)
        }
    }

    @Test("whose key the operator lost leave the recovery codes, each once")
    func lostKey() async throws {
        try await World.with { world in
            let titania = try await world.person("titania").user
            let user = try #require(try await world.chat.stores.users.user(titania))
            let before = world.authenticator.twoFactor
            let enrolment = before.enrol(titania)
            let codes = try await before.turnOn(enrolment.sealed, code: code(enrolment), for: titania)
            let after = TwoFactor(
                store: world.chat.stores.factors, key: SymmetricKey(size: .bits256),
                signIns: SignInGuard(limits: Limits()), policy: world.authenticator.factorPolicy)
            await #expect(
                performing: { try await after.check(code(enrolment, later: 1), of: user, from: Client()) },
                throws: isRefusal(.internal))
            try await after.check(codes[0], of: user, from: Client())
            await #expect(
                performing: { try await after.check(codes[0], of: user, from: Client()) },
                throws: isRefusal(.internal))
            try await after.check(codes[1], of: user, from: Client())
        }
    }
}
