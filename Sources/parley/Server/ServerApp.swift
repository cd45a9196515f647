import Auth
import Chat
import Doctor
import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import Model
import NIOCore
import NIOPosix
import OpenID
import Outgoing
import Proxy
import Realtime
import ServiceLifecycle
import Storage
import Web

/// The server: everything wired together, in one place.
struct ServerApp: Sendable {
    let core: Core
    /// Every method and path that is answered, but the sockets' own: `GET /chat/{slug}`.
    let routes: [String]
    private let health: Health
    private let group: any EventLoopGroup
    private let server: ConnectionService
    private let certificate: ServerCertificate?
    private let addressTest: AddressTest

    /// - Parameter onListening: told the port, once connections are accepted.
    init(
        _ settings: Settings, logger: Logger, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let files = FileLimit.raise(logger)
        let limits = settings.socketLimits
        settings.warnOfLockOut(logger)
        let hub = Hub(group: group, limits: limits)
        let core = try await Core(settings, logger: logger, publish: hub.publish, gather: hub.gather)
        let health = Health(version: Parley.version) { [database = core.database] in await database.isReady() }
        let origins = OriginPolicy(publicURL: settings.publicURL, allowing: settings.allowedOrigins)
        let frontDoor = FrontDoor(
            publicURL: settings.publicURL, trusted: settings.trustedProxies,
            hosts: HostPolicy(publicURL: settings.publicURL, others: settings.allowedHosts), access: settings.access,
            expectsPreamble: settings.expectsPreamble, logger: logger,
            prove: { [desk = core.doctorDesk] in desk.proof(for: $0, now: Int64(Date().timeIntervalSince1970)) })
        let gate = ChatGate(
            chat: core.chat, authenticator: core.authenticator, origins: origins,
            allowsQueryToken: settings.allowsQueryToken, health: health)
        let events = EventStreams(hub: hub, gate: gate, group: group, limits: limits)
        let addressTest = AddressTest(url: settings.publicURL, desk: core.doctorDesk)
        let sockets = ChatSocketFactory(hub: hub, gate: gate, limits: limits)
        let openSockets = OpenSockets(perAddressMax: limits.socketsPerAddressMax)
        let connections = ConnectionLimit(
            max: limits.connectionsMax > 0 ? limits.connectionsMax : files.connectionsMax, logger: logger)
        let operatorView = OperatorView(settings: settings.lines) {
            await OperationFacts.look(at: core, connections: connections, openSockets: openSockets)
        }
        let site = try Self.site(
            core, frontDoor, origins, health, events, addressTest, operatorView, isOnline: hub.isOnline)
        let certificate = try settings.tls.map { try ServerCertificate(certificate: $0.certificate, key: $0.key) }
        let router = WebRouter.build(site, version: Parley.version)
        let responder = router.buildResponder()
        let servers = settings.listen.map { address in
            let listener = Listener(address: address, group: group, logger: logger, onListening: onListening)
            return listener.server(responder) { responder in
                ConnectionChannel(
                    responder: responder, frontDoor: frontDoor, certificate: address.isTCP ? certificate : nil,
                    sockets: sockets, openSockets: openSockets, connections: connections, limits: limits)
            }
        }
        let redirect = HTTPSRedirect(
            publicURL: settings.publicURL, challenges: settings.acmeDirectory.map { ACMEChallenges(directory: $0) },
            site: responder)
        let redirects = settings.redirectListen.map { address in
            let listener = Listener(address: address, group: group, logger: logger)
            return listener.server(redirect) { responder in
                ConnectionChannel(
                    responder: responder, frontDoor: frontDoor, sockets: nil, openSockets: openSockets,
                    connections: connections, limits: limits)
            }
        }
        server = ConnectionService(servers: servers + redirects, openSockets: openSockets, events: events)
        self.certificate = certificate
        self.addressTest = addressTest
        routes = router.routes.map { "\($0.method) \($0.path)" }
        self.core = core
        self.health = health
        self.group = group
    }

    /// What runs beside the connections, and the connections themselves; dependencies first.
    var services: [any Service] {
        [
            Preparation(core: core, health: health),
            KeyRingUpkeep(core: core, health: health),
            SessionUpkeep(core: core, health: health),
            AttemptUpkeep(core: core, health: health),
            AccountWatch(core: core, health: health),
            HookUpkeep(core: core, health: health),
            AddressTesting(test: addressTest),
            ErrandUpkeep(core: core),
        ] + mailServices + (certificate.map { [CertificateUpkeep(certificate: $0, logger: core.logger)] } ?? [])
            + [server]
    }

    private var mailServices: [any Service] {
        guard let settings = core.settings.mail, let mailer = core.mailer else { return [] }
        let sender = SMTPSender(settings.server)
        let queue = MailQueue(
            store: core.stores.mail, transport: sender, from: settings.from, retry: settings.retry, logger: core.logger)
        return [MailUpkeep(core: core, mailer: mailer, queue: queue, sender: sender, health: health)]
    }

    func waitUntilReady() async { await health.waitUntilReady() }

    private static func site(
        _ core: Core, _ frontDoor: FrontDoor, _ origins: OriginPolicy, _ health: Health, _ events: EventStreams,
        _ addressTest: AddressTest, _ operatorView: OperatorView, isOnline: @escaping @Sendable (UserID) -> Bool
    ) throws -> Site {
        let directory = try WebDirectory.find(core.settings.webDirectory)
        var settings = Site.Settings()
        settings.registration = core.settings.registration
        settings.bodyBytesMax = core.settings.bodyBytesMax
        settings.pollTime = core.settings.pollTime
        let attempts = KeptAttempts(
            store: core.stores.attempts, countMax: core.settings.limits.providerSignInsMax)
        let transport = ProviderTransport(core.fetch)
        let providers = core.settings.providers.map {
            RelyingParty(
                provider: $0, publicURL: core.settings.publicURL, attempts: attempts, transport: transport)
        }
        return Site(
            chat: core.chat, authenticator: core.authenticator,
            formTokens: FormTokens(keys: core.signingKeys(for: .formTokens)), frontDoor: frontDoor, origins: origins,
            settings: settings,
            templates: try Templates(directory: directory, reloads: core.settings.reloadsWeb),
            assets: try Assets(directory: directory, reloads: core.settings.reloadsWeb), health: health,
            demoSignIns: DemoSignIns(chat: core.chat, isAllowed: origins.publicURL.isLocal), events: events,
            addressTest: addressTest, setUpLink: core.setUpLink,
            pendingSignIns: PendingSignIns(keys: core.signingKeys(for: .pendingSignIns)), providers: providers,
            operatorView: operatorView, isOnline: isOnline)
    }
}
