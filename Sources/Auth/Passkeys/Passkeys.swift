package import Foundation
import Logging
package import Model
import Storage
import WebAuthn

/// Passkeys: made by somebody who is signed in, good for signing in with nothing else, and as a second factor.
///
/// The browser is asked a question (JSON for `navigator.credentials`) and its answer comes with the question's challenge.
package struct Passkeys: Sendable {
    /// `nil` where browsers make none for this server's address.
    private let site: RelyingParty?
    private let stores: Stores
    private let limits: Limits
    private let logger: Logger
    private let policy: FactorPolicy
    private let questions = PasskeyQuestions()

    init(site: RelyingParty?, stores: Stores, limits: Limits, policy: FactorPolicy, logger: Logger) {
        self.policy = policy
        self.site = site
        self.stores = stores
        self.limits = limits
        self.logger = logger
    }

    /// Whether browsers make passkeys for this server's address.
    package var arePossible: Bool { site != nil }

    package func passkeys(of user: UserID) async throws -> [Passkey] {
        try await stores.passkeys.passkeys(of: user)
    }

    // MARK: Making one

    /// - Returns: what `PublicKeyCredential.parseCreationOptionsFromJSON` takes.
    /// - Throws: `passkeys_unavailable`, `too_many_passkeys`.
    package func registrationQuestion(for principal: Principal, in browser: Data) async throws -> Data {
        let site = try possibleSite
        let known = try await passkeys(of: principal.user)
        guard known.count < limits.passkeysMax else {
            throw ChatError(
                .tooManyPasskeys, "You have \(limits.passkeysMax) passkeys, and there cannot be more.")
        }
        let handle = try await stores.passkeys.handle(of: principal.user, orKeep: UserHandle.fresh().bytes)
        let challenge = questions.ask(.registration(principal.user, principal.session), in: browser)
        return try CreationOptions(
            for: site,
            user: CreationOptions.User(
                id: UserHandle(bytes: handle), name: principal.username, displayName: principal.name),
            challenge: challenge, known: known.map(\.descriptor), residentKey: .required, userVerification: .required
        ).json()
    }

    /// Keeps a new passkey.
    /// - Returns: recovery codes, which are nowhere else, where it is the person's first second factor; else none.
    /// - Throws: `form_stale`, `passkey_refused`, `passkey_taken`, `too_many_passkeys`, `invalid_field` with `name`.
    package func register(
        _ answer: Data, to challenge: String, name: String, by principal: Principal, in browser: Data
    ) async throws -> [String] {
        let site = try possibleSite
        let challenge = try questions.take(
            challenge, for: .registration(principal.user, principal.session), in: browser)
        let name = try Rules.name(name.isEmpty ? "Passkey" : name, field: "name", limits: limits)
        let made = try refusing {
            try site.verify(
                try RegistrationResponse(json: answer), challenge: challenge, userVerification: .required)
        }
        let (texts, codes) = RecoveryCodes.fresh(for: principal.user)
        let isFirst = try await stores.passkeys.add(
            NewPasskey(made, name: name), to: principal.user, countMax: limits.passkeysMax,
            recoveryHashes: codes.hashes,
            audit: NewAuditEntry(.addPasskey, principal.username, by: principal.username, details: name))
        return isFirst ? texts : []
    }

    /// - Throws: `invalid_field` with `name`, `passkey_not_found`.
    package func rename(_ id: PasskeyID, to name: String, by principal: Principal) async throws {
        let name = try Rules.name(name, field: "name", limits: limits)
        guard try await stores.passkeys.rename(id, of: principal.user, to: name) else { throw Self.notFound }
    }

    /// - Throws: `passkey_not_found`, `last_way_in`, `last_factor`.
    package func remove(_ id: PasskeyID, by principal: Principal) async throws {
        let own = try await passkeys(of: principal.user)
        guard let passkey = own.first(where: { $0.id == id }) else { throw Self.notFound }
        try await policy.checkCanLose(.passkey, principal, countOfKind: own.count)
        guard
            try await stores.passkeys.remove(
                id, of: principal.user,
                audit: NewAuditEntry(
                    .removePasskey, principal.username, by: principal.username, details: passkey.name))
        else { throw Self.notFound }
    }

    // MARK: Signing in

    /// For somebody of whom nothing is known yet.
    /// - Returns: what `PublicKeyCredential.parseRequestOptionsFromJSON` takes.
    /// - Throws: `passkeys_unavailable`.
    package func signInQuestion(in browser: Data) throws -> Data {
        let site = try possibleSite
        let challenge = questions.ask(.signIn, in: browser)
        return try RequestOptions(for: site, challenge: challenge, allowed: [], userVerification: .required).json()
    }

    /// - Returns: whose passkey it is. It stands for both factors: the authenticator knew who used it.
    /// - Throws: `form_stale`, `passkey_refused`.
    package func signIn(_ answer: Data, to challenge: String, in browser: Data) async throws -> UserID {
        let site = try possibleSite
        let challenge = try questions.take(challenge, for: .signIn, in: browser)
        let response = try refusing { try AssertionResponse(json: answer) }
        guard let passkey = try await stores.passkeys.passkey(withCredential: response.id.bytes) else {
            throw Self.unknown
        }
        let verified = try refusing {
            try site.verify(
                response, by: try passkey.known, .byCredential, challenge: challenge, userVerification: .required)
        }
        try await keep(verified, passkey)
        return passkey.user
    }

    /// For somebody whose password was right.
    /// - Throws: `passkeys_unavailable`.
    package func factorQuestion(for user: UserID, in browser: Data) async throws -> Data {
        let site = try possibleSite
        let allowed = try await passkeys(of: user).map(\.descriptor)
        let challenge = questions.ask(.secondFactor(user), in: browser)
        return try RequestOptions(
            for: site, challenge: challenge, allowed: allowed, userVerification: .preferred
        ).json()
    }

    /// - Throws: `form_stale`, `passkey_refused`.
    package func checkFactor(
        _ answer: Data, to challenge: String, of user: UserID, in browser: Data
    ) async throws {
        let site = try possibleSite
        let challenge = try questions.take(challenge, for: .secondFactor(user), in: browser)
        let response = try refusing { try AssertionResponse(json: answer) }
        let own = try await passkeys(of: user).first { $0.credential == response.id.bytes }
        guard let own else { throw Self.unknown }
        let verified = try refusing {
            try site.verify(
                response, by: try own.known, .beforehand, challenge: challenge, userVerification: .preferred)
        }
        try await keep(verified, own)
    }

    private func keep(_ verified: VerifiedAssertion, _ passkey: Passkey) async throws {
        var audit: NewAuditEntry?
        if case .signCountDidNotRise(let kept, let shown)? = verified.findings.first {
            let user = try await stores.users.user(passkey.user)
            audit = NewAuditEntry(
                .passkeyCopied, user?.username ?? "", by: user?.username,
                details: "\(passkey.name): its counter was \(shown) after \(kept)")
        }
        // Who removed it a moment ago meant it.
        guard
            try await stores.passkeys.used(
                passkey.id, signCount: verified.signCount, isBackedUp: verified.isBackedUp, at: .now, audit: audit)
        else { throw Self.unknown }
    }

    // MARK: Refusals

    private var possibleSite: RelyingParty {
        get throws(ChatError) {
            guard let site else {
                throw ChatError(
                    .passkeysUnavailable,
                    "Browsers make no passkeys for this server's address: they need a name, and https.")
            }
            return site
        }
    }

    /// What was wrong is for the log; a person can only try again.
    private func refusing<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as WebAuthnError {
            logger.notice("passkey refused", metadata: ["reason": "\(error)"])
            throw ChatError(
                .passkeyRefused, "This passkey was not accepted. Try again, or take another way to sign in.")
        }
    }

    private static let unknown = ChatError(
        .passkeyRefused, "This server does not know that passkey. It may have been removed here: sign in another way.")

    static let notFound = ChatError(.passkeyNotFound, "There is no such passkey.")
}

extension Passkey {
    fileprivate var descriptor: CredentialDescriptor {
        CredentialDescriptor(id: CredentialID(bytes: credential), transports: transports)
    }

    fileprivate var known: KnownCredential {
        get throws(WebAuthnError) {
            KnownCredential(
                id: CredentialID(bytes: credential), user: UserHandle(bytes: handle),
                publicKey: try CredentialPublicKey(cose: publicKey), signCount: signCount,
                isBackupEligible: isBackupEligible)
        }
    }
}

extension NewPasskey {
    fileprivate init(_ made: NewCredential, name: String) {
        self.init(
            credential: made.id.bytes, publicKey: made.publicKey.cose, signCount: made.signCount,
            transports: made.transports, isBackupEligible: made.isBackupEligible, isBackedUp: made.isBackedUp,
            isUserVerified: made.isUserVerified, isDiscoverable: made.isDiscoverable, aaguid: made.aaguid, name: name)
    }
}
