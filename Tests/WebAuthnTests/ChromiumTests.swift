import Foundation
import Testing

@testable import WebAuthn

/// What Chromium's virtual authenticators answered to the very options that we make, one file for each of them: CTAP2 with
/// each algorithm, and a U2F security key. The page took the options with `parse…OptionsFromJSON` and gave the answers
/// with `toJSON()`; for ES256 and RS256 it left the other algorithms out.
struct Recording: Sendable, CustomTestStringConvertible {
    let name: String
    let creationOptions: String
    let registration: Data
    let requestOptions: [String]
    let assertions: [Data]

    var testDescription: String { name }

    static let all: [Recording] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/webauthn").standardized
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { try? Recording(folder.appendingPathComponent($0)) }
    }()

    private init(_ url: URL) throws {
        let file = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
        name = url.deletingPathExtension().lastPathComponent
        creationOptions = try #require(file["creationOptions"] as? String)
        registration = try JSONSerialization.data(withJSONObject: #require(file["registration"]))
        requestOptions = try #require(file["requestOptions"] as? [String])
        assertions = try #require(file["assertions"] as? [Any]).map { try JSONSerialization.data(withJSONObject: $0) }
    }

    /// A string of the options, by the names that lead to it.
    func option(_ path: String..., in options: String) throws -> String {
        var value: Any? = try JSONSerialization.jsonObject(with: Data(options.utf8))
        for name in path { value = (value as? [String: Any])?[name] }
        return try #require(value as? String)
    }

    var isSecurityKey: Bool { name.hasSuffix("u2f") }
    var verification: UserVerification { isSecurityKey ? .discouraged : .required }

    var user: UserHandle {
        get throws { try #require(UserHandle(text: option("user", "id", in: creationOptions))) }
    }

    func challenge(of options: String) throws -> Challenge {
        try #require(Challenge(text: option("challenge", in: options)))
    }
}

@Suite("With a real browser's answers")
struct ChromiumTests {
    private let site = RelyingParty(id: "localhost", name: "Parley", origins: ["http://localhost:8080"])

    private func register(_ recording: Recording) throws -> NewCredential {
        try site.verify(
            RegistrationResponse(json: recording.registration),
            challenge: recording.challenge(of: recording.creationOptions), userVerification: recording.verification)
    }

    private func known(_ credential: NewCredential, _ recording: Recording) throws -> KnownCredential {
        KnownCredential(
            id: credential.id, user: try recording.user, publicKey: credential.publicKey,
            signCount: credential.signCount, isBackupEligible: credential.isBackupEligible)
    }

    @Test("there is one of each kind")
    func recordings() {
        let names = ["chromium-ctap2-eddsa", "chromium-ctap2-es256", "chromium-ctap2-rs256", "chromium-u2f"]
        #expect(Recording.all.map(\.name) == names)
    }

    @Test("our options are those that it took", arguments: Recording.all)
    func options(recording: Recording) throws {
        let creation = CreationOptions(
            for: site, user: .init(id: try recording.user, name: "puck", displayName: "Puck \u{D6}."),
            challenge: try recording.challenge(of: recording.creationOptions), known: [],
            residentKey: recording.isSecurityKey ? .discouraged : .required, userVerification: recording.verification)
        #expect(try String(decoding: creation.json(), as: UTF8.self) == recording.creationOptions)
        let credential = try register(recording)
        let descriptor = CredentialDescriptor(id: credential.id, transports: credential.transports)
        for options in recording.requestOptions {
            let request = RequestOptions(
                for: site, challenge: try recording.challenge(of: options),
                allowed: recording.isSecurityKey ? [descriptor] : [], userVerification: recording.verification)
            #expect(try String(decoding: request.json(), as: UTF8.self) == options)
        }
    }

    @Test("a credential is registered, and signs in twice", arguments: Recording.all)
    func ceremonies(recording: Recording) throws {
        let credential = try register(recording)
        #expect(credential.isDiscoverable == !recording.isSecurityKey)
        #expect(credential.isUserVerified == !recording.isSecurityKey)
        #expect(credential.transports == (recording.isSecurityKey ? ["usb"] : ["internal"]))
        #expect(credential.isBackupEligible == recording.name.hasSuffix("eddsa"))
        var known = try known(credential, recording)
        for (assertion, options) in zip(recording.assertions, recording.requestOptions) {
            let verified = try site.verify(
                AssertionResponse(json: assertion), by: known, recording.isSecurityKey ? .beforehand : .byCredential,
                challenge: recording.challenge(of: options), userVerification: recording.verification)
            #expect(verified.findings.isEmpty && verified.signCount > known.signCount)
            known = KnownCredential(
                id: known.id, user: known.user, publicKey: known.publicKey, signCount: verified.signCount,
                isBackupEligible: known.isBackupEligible)
        }
    }

    @Test("an answer is good for its own question alone, and for its own credential", arguments: Recording.all)
    func crossed(recording: Recording) throws {
        let known = try known(register(recording), recording)
        let first = try #require(recording.assertions.first)
        let (own, other) = (recording.requestOptions[0], recording.requestOptions[1])
        func verify(_ json: Data, _ credential: KnownCredential, _ options: String) throws {
            _ = try site.verify(
                AssertionResponse(json: json), by: credential, .beforehand,
                challenge: recording.challenge(of: options), userVerification: recording.verification)
        }
        #expect(reason { try verify(first, known, other) } == .wrongChallenge)
        for stranger in Recording.all where stranger.name != recording.name {
            let strange = try register(stranger).publicKey
            let swapped = KnownCredential(
                id: known.id, user: known.user, publicKey: strange, signCount: 0,
                isBackupEligible: known.isBackupEligible)
            #expect(reason { try verify(first, swapped, own) } == .signatureInvalid)
        }
    }
}
