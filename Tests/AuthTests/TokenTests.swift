import Auth
import Crypto
import Foundation
import Model
import Testing

@Suite("An access token")
struct AccessTokenTests {
    private let key = SymmetricKey(size: .bits256)

    private func tokens(lifetime: Int64 = 60) async -> AccessTokens {
        await AccessTokens(key: key, lifetime: Seconds(lifetime))
    }

    private func issue(_ tokens: AccessTokens, at moment: Timestamp = .now) async throws -> String {
        try await tokens.issue(for: UserID(rawValue: 7), session: SessionID(rawValue: 9), now: moment)
    }

    private func refusal(of token: String) async -> ChatError.Code? {
        do {
            _ = try await tokens().verify(token)
            return nil
        } catch {
            return (error as? ChatError)?.code
        }
    }

    @Test("says who it is for, and in which sign-in")
    func roundTrip() async throws {
        let tokens = await tokens()
        let claims = try await tokens.verify(issue(tokens))
        #expect(claims.user == UserID(rawValue: 7) && claims.session == SessionID(rawValue: 9))
    }

    @Test("is refused with its own code when it is tampered with")
    func tampered() async throws {
        let token = try await issue(tokens())
        var parts = token.split(separator: ".").map(String.init)
        let claims = Data(#"{"sub":"1","sid":1,"iat":0,"exp":9999999999}"#.utf8).base64URL
        #expect(await refusal(of: [parts[0], claims, parts[2]].joined(separator: ".")) == .tokenInvalid)
        parts[2] = String(parts[2].reversed())
        #expect(await refusal(of: parts.joined(separator: ".")) == .tokenInvalid)
        #expect(await refusal(of: token + "x") == .tokenInvalid)
    }

    @Test("is refused when it brings its own algorithm", arguments: ["none", "None", "RS256", "HS512"])
    func otherAlgorithm(name: String) async throws {
        let parts = try await issue(tokens()).split(separator: ".").map(String.init)
        let header = Data(#"{"alg":"\#(name)","typ":"JWT"}"#.utf8).base64URL
        #expect(await refusal(of: "\(header).\(parts[1]).") == .tokenAlgorithm)
        #expect(await refusal(of: "\(header).\(parts[1]).\(parts[2])") == .tokenAlgorithm)
    }

    @Test("is refused when it has expired")
    func expired() async throws {
        let token = try await issue(tokens(), at: .now + Seconds(-61))
        #expect(await refusal(of: token) == .tokenExpired)
    }

    @Test("is refused when another key signed it")
    func otherKey() async throws {
        let other = await AccessTokens(key: SymmetricKey(size: .bits256), lifetime: Seconds(60))
        #expect(await refusal(of: try issue(other)) == .tokenInvalid)
    }

    @Test(
        "is missing when it is empty, and invalid when it is no token",
        arguments: [
            ("", ChatError.Code.tokenMissing), ("x", .tokenInvalid), ("a.b", .tokenInvalid), ("a.b.c", .tokenInvalid),
            ("...", .tokenInvalid),
        ])
    func notAToken(text: String, code: ChatError.Code) async {
        #expect(await refusal(of: text) == code)
    }
}

@Suite("A password")
struct PasswordHasherTests {
    private static var cheap: PasswordHasher.Parameters {
        var parameters = PasswordHasher.Parameters()
        parameters.memoryKiB = 64
        parameters.iterations = 1
        return parameters
    }

    @Test("is hashed with Argon2id and its own salt, and recognised")
    func roundTrip() async throws {
        let hasher = PasswordHasher(parameters: Self.cheap)
        let hash = try await hasher.hash("faerie123")
        #expect(hash.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$"))
        #expect(try await hasher.hash("faerie123") != hash)
        #expect(try await hasher.verify("faerie123", against: hash))
        #expect(try await !hasher.verify("faerie124", against: hash))
        #expect(try await !hasher.verify("", against: hash))
        #expect(try await !hasher.verify("faerie123", against: nil))
        #expect(try await !hasher.verify("faerie123", against: "not a hash"))
    }

    @Test(
        "of any bytes is taken whole: nothing is cut at NUL or at a length",
        arguments: ["a\0b|a\0c", "pässwörd|passwörd"])
    func whole(pair: String) async throws {
        let parts = pair.split(separator: "|").map(String.init)
        let hasher = PasswordHasher(parameters: Self.cheap)
        let hash = try await hasher.hash(parts[0])
        #expect(try await hasher.verify(parts[0], against: hash))
        #expect(try await !hasher.verify(parts[1], against: hash))
    }

    @Test("is hashed anew when the parameters have changed")
    func outdated() async throws {
        let hash = try await PasswordHasher(parameters: Self.cheap).hash("faerie123")
        #expect(!PasswordHasher(parameters: Self.cheap).isOutdated(hash))
        #expect(PasswordHasher().isOutdated(hash))
        #expect(try await PasswordHasher().verify("faerie123", against: hash))
    }

    @Test("is refused for now when too many others wait")
    func tooBusy() async throws {
        let hasher = PasswordHasher(parameters: Self.cheap, workers: 1, waitingMax: 0)
        await #expect {
            try await hasher.hash("faerie123")
        } throws: { ($0 as? ChatError)?.code == .tooBusy }
    }
}

@Suite("Tickets and form tokens")
struct SmallTokenTests {
    @Test("A ticket works once, and not after its time")
    func ticket() throws {
        let tickets = Tickets(lifetime: Seconds(30))
        let now = Timestamp.now
        let ticket = tickets.issue(for: SessionID(rawValue: 1), of: UserID(rawValue: 7), now: now)
        #expect(try tickets.redeem(ticket, now: now) == SessionID(rawValue: 1))
        #expect(throws: ChatError.self) { try tickets.redeem(ticket, now: now) }
        let late = tickets.issue(for: SessionID(rawValue: 1), of: UserID(rawValue: 7), now: now)
        #expect(throws: ChatError.self) { try tickets.redeem(late, now: now + Seconds(30)) }
        #expect(throws: ChatError.self) { try tickets.redeem("", now: now) }
    }

    @Test("Tickets are there for everybody, however many one person asks for")
    func ticketsOfOne() throws {
        let tickets = Tickets(lifetime: Seconds(30))
        let (eve, titania) = (UserID(rawValue: 6), UserID(rawValue: 7))
        let early = tickets.issue(for: SessionID(rawValue: 1), of: titania)
        // From whatever sign-in of theirs.
        let flood = (0..<Int64(10_001)).map { tickets.issue(for: SessionID(rawValue: 100 + $0 % 50), of: eve) }
        #expect(try tickets.redeem(early) == SessionID(rawValue: 1))
        let late = tickets.issue(for: SessionID(rawValue: 2), of: titania)
        #expect(try tickets.redeem(late) == SessionID(rawValue: 2))
        #expect(flood.count { (try? tickets.redeem($0)) != nil } == 20)
    }

    @Test("Tickets are bounded in number: the oldest makes room")
    func ticketsMax() throws {
        let tickets = Tickets(lifetime: Seconds(30), countMax: 2)
        let issued = (1...Int64(3)).map { tickets.issue(for: SessionID(rawValue: $0), of: UserID(rawValue: $0)) }
        #expect(throws: ChatError.self) { try tickets.redeem(issued[0]) }
        #expect(try tickets.redeem(issued[1]) == SessionID(rawValue: 2))
        #expect(try tickets.redeem(issued[2]) == SessionID(rawValue: 3))
    }

    @Test("A form token is good for its session alone")
    func formToken() {
        let tokens = FormTokens(key: SymmetricKey(size: .bits256))
        let (mine, other) = (Data([1]), Data([2]))
        #expect(tokens.isValid(tokens.token(for: mine), for: mine))
        #expect(!tokens.isValid(tokens.token(for: mine), for: other))
        #expect(!tokens.isValid("", for: mine))
        #expect(!FormTokens(key: SymmetricKey(size: .bits256)).isValid(tokens.token(for: mine), for: mine))
    }

    @Test("The server's secret gives another key for each purpose, always the same")
    func secret() throws {
        let text = Data(repeating: 7, count: 32).base64EncodedString()
        let secret = try ServerSecret(parsing: text)
        #expect(secret.key(for: "a") == (try ServerSecret(parsing: text + "\n")).key(for: "a"))
        #expect(secret.key(for: "a") != secret.key(for: "b"))
        for bad in ["", "short", Data(repeating: 7, count: 31).base64EncodedString()] {
            #expect(throws: ServerSecretError.self) { try ServerSecret(parsing: bad) }
        }
    }
}
