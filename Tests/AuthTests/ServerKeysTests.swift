import Crypto
import Foundation
import Model
import Testing

@testable import Auth

@Suite("The server's own keys")
struct ServerKeysTests {
    private let secret: ServerSecret
    private let directory = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID())").path
    private let start = Timestamp(milliseconds: 1_000_000_000)

    init() throws {
        secret = try ServerSecret(parsing: Data((0..<32).map { UInt8($0) }).base64EncodedString())
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    private func keys(_ purpose: KeyPurpose, lasting seconds: Int64 = 3600) throws -> SigningKeys {
        try ServerKeys.load(secret: secret, dataDirectory: directory).keys(for: purpose, lifetime: Seconds(seconds))
    }

    @Test("are the secret's until they are changed, each by itself")
    func oneByOne() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(try keys(.formTokens).current == secret.key(for: "form tokens"))
        try ServerKeys.rotate(.accessTokens, secret: secret, dataDirectory: directory, now: start)
        #expect(try keys(.formTokens).current == secret.key(for: "form tokens"))
        #expect(try keys(.accessTokens).current != secret.key(for: "access tokens"))
        #expect(try keys(.accessTokens).current == keys(.accessTokens).current)
        let mode = try FileManager.default.attributesOfItem(atPath: directory + "/server-keys")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("are believed until what they signed has come to its end")
    func believed() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let first = try keys(.accessTokens).current
        try ServerKeys.rotate(.accessTokens, secret: secret, dataDirectory: directory, now: start)
        let second = try keys(.accessTokens).current
        try ServerKeys.rotate(.accessTokens, secret: secret, dataDirectory: directory, now: start + Seconds(600))
        let all = try keys(.accessTokens)
        #expect(all.believed(at: start + Seconds(600)) == [all.current, second, first])
        #expect(all.believed(at: start + Seconds(3600)) == [all.current, second])
        #expect(all.believed(at: start + Seconds(4200)) == [all.current])
    }

    @Test("let access tokens and forms of before live on, and no longer than they would have")
    func tokens() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let lifetime = Seconds(3600)
        let before = await AccessTokens(keys: try keys(.accessTokens), lifetime: lifetime)
        let token = try await before.issue(for: UserID(rawValue: 7), session: SessionID(rawValue: 9))
        try ServerKeys.rotate(.accessTokens, secret: secret, dataDirectory: directory)
        let after = await AccessTokens(keys: try keys(.accessTokens), lifetime: lifetime)
        #expect(try await after.verify(token).user == UserID(rawValue: 7))
        let renewed = try await after.issue(for: UserID(rawValue: 7), session: SessionID(rawValue: 9))
        await #expect(throws: ChatError.self) { try await before.verify(renewed) }
        let late = Timestamp.now + Seconds(3601)
        let refusal = await #expect(throws: ChatError.self) { try await after.verify(token, now: late) }
        #expect(refusal?.code == .tokenInvalid, "its key is not believed any more")

        let (binding, forms) = (Data("browser".utf8), FormTokens(keys: try keys(.formTokens)))
        try ServerKeys.rotate(.formTokens, secret: secret, dataDirectory: directory)
        let changed = FormTokens(keys: try keys(.formTokens))
        #expect(changed.isValid(forms.token(for: binding), for: binding))
        #expect(!changed.isValid(forms.token(for: binding), for: binding, now: late))
        #expect(!forms.isValid(changed.token(for: binding), for: binding))
    }

    @Test(
        "are not read from a file that is none of ours",
        arguments: ["x", "access-tokens 1", "nothing 1 AAAA", "access-tokens x AAAA", "access-tokens 1 AAAA"])
    func malformed(text: String) {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(throws: ServerKeysError.self) { try ServerKeys(secret: secret, text: text) }
    }
}
