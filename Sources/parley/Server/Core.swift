import Auth
import Chat
import Doctor
import Foundation
import Logging
import Model
import Outgoing
import Proxy
import Storage
import Web
import WebAuthn

/// What every command works with: the database, the keys and the chat on top of them, without any network.
struct Core: Sendable {
    let settings: Settings
    let database: SQLiteDatabase
    let cipher: MessageCipher
    let stores: Stores
    let secret: ServerSecret
    let keys: ServerKeys
    let authenticator: Authenticator
    let chat: Chat
    /// `nil` where no mail server is set.
    let mailer: Mailer?
    /// What goes on behind the requests' backs.
    let errands: Errands
    /// For addresses that others have typed, and with the setting's leave for those of our own networks.
    let fetch: HTTPFetch
    let logger: Logger
    /// For the first administrator.
    let setUpLink = SetUpLink()

    /// Opens, or creates, what is in the data directory. Migrations are not run yet.
    /// - Parameters:
    ///   - publish: as for `Chat`.
    ///   - gather: as for `SQLiteDatabase`.
    init(
        _ settings: Settings, logger: Logger, publish: @escaping @Sendable (Event) -> Void = { _ in },
        gather: @escaping @Sendable (() -> Void) -> Void = { $0() }
    ) async throws {
        try Self.makeDirectory(settings.dataDirectory)
        database = try SQLiteDatabase(
            path: settings.dataDirectory + "/parley.db", logger: logger, gather: gather)
        cipher = try await Self.cipher(settings, database)
        stores = Stores(database, cipher: cipher)
        secret = try settings.tokenKey ?? ServerSecret.loadOrCreate(dataDirectory: settings.dataDirectory)
        let keys = try ServerKeys.load(secret: secret, dataDirectory: settings.dataDirectory)
        self.keys = keys
        authenticator = Authenticator(
            stores: stores,
            hasher: PasswordHasher(parameters: settings.passwords, workers: settings.passwordHashesMax),
            accessTokens: await AccessTokens(
                keys: keys.keys(for: .accessTokens, lifetime: settings.accessTokenLifetime),
                lifetime: settings.accessTokenLifetime),
            tickets: Tickets(lifetime: settings.ticketLifetime), limits: settings.limits,
            lifetimes: settings.lifetimes,
            factorKey: secret.key(for: "second factors"), factorRoles: settings.factorRoles,
            host: settings.publicURL.host,
            passkeySite: Self.passkeySite(settings.publicURL), needsEmail: settings.needsEmail, logger: logger)
        mailer = settings.mail.map { [store = stores.mail] in
            Mailer(from: $0.from, store: store, retry: $0.retry)
        }
        errands = Errands(logger: logger)
        fetch = HTTPFetch(
            addresses: settings.outgoingAddresses, authorities: settings.outgoingAuthorities,
            userAgent: "Parley/\(Parley.version)")
        let check = HookAddressCheck(fetch: fetch, allowsPlain: settings.allowsPlainHooks, logger: logger)
        let post = try Self.post(settings, mailer, logger)
        chat = Chat(
            stores: stores, authenticator: authenticator, limits: settings.limits,
            mail: post.map { [secret, errands] in
                AccountMail(
                    post: $0, codes: EmailCodes(key: secret.key(for: "e-mail codes")), errands: errands,
                    limits: settings.limits, domains: settings.registrationDomains)
            },
            publish: publish, checkHookAddress: { try await check($0) })
        self.settings = settings
        self.logger = logger
    }

    /// What answers `parley doctor`.
    var doctorDesk: DoctorDesk { DoctorDesk(root: signingKeys(for: .doctor).current) }

    func signingKeys(for purpose: KeyPurpose) -> SigningKeys {
        keys.keys(for: purpose, lifetime: purpose.lifetime(accessTokens: settings.accessTokenLifetime))
    }

    /// - Returns: `nil` where no mail is sent.
    private static func post(_ settings: Settings, _ mailer: Mailer?, _ logger: Logger) throws -> (any Post)? {
        guard let mailer else { return settings.needsEmail ? LoggedPost(logger: logger) : nil }
        let templates = try Templates(
            directory: WebDirectory.find(settings.webDirectory), reloads: settings.reloadsWeb)
        return MailPost(letters: Letters(templates: templates, publicURL: settings.publicURL), mailer: mailer)
    }

    private static func cipher(_ settings: Settings, _ database: SQLiteDatabase) async throws -> MessageCipher {
        if let ring = settings.messageKeys { return MessageCipher(ring: ring) }
        let file = KeyRingFile(dataDirectory: settings.dataDirectory)
        let ring = try file.loadOrCreate(hasMessages: try await database.hasMessages())
        return MessageCipher(ring: ring, newerRing: file.load)
    }

    /// - Returns: `nil` where browsers make no passkeys: at an address of numbers, and without TLS.
    private static func passkeySite(_ url: PublicURL) -> WebAuthn.RelyingParty? {
        let isName = !url.host.hasPrefix("[") && IPAddress(url.host) == nil
        guard isName, url.isSecure || url.isLocal else { return nil }
        return WebAuthn.RelyingParty(id: url.host, name: "Parley", origins: [url.origin])
    }

    static func makeDirectory(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
}

extension Core {
    /// For a command that does one thing and ends: with the settings in force and the tables up to date.
    static func forCommand() async throws -> Core {
        let settings = try Parley.settings()
        let core = try await Core(settings, logger: .parley(.warning))
        try core.database.migrate()
        return core
    }
}

extension Logger {
    /// The program's logger.
    static func parley(_ level: Level) -> Logger {
        Logger(label: "parley") { _ in LogfmtHandler(logLevel: level) }
    }
}
