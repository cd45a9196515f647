package import Auth
package import Chat
package import Doctor
package import Model
package import OpenID
package import Proxy
package import Realtime

/// Everything that a request is answered from.
package struct Site: Sendable {
    let chat: Chat
    let authenticator: Authenticator
    let formTokens: FormTokens
    let frontDoor: FrontDoor
    let origins: OriginPolicy
    let settings: Settings
    let templates: Templates
    let assets: Assets
    let health: Health
    let demoSignIns: DemoSignIns
    let events: EventStreams
    let addressTest: AddressTest
    let setUpLink: SetUpLink
    let pendingSignIns: PendingSignIns
    /// In the order of the settings.
    let providers: [RelyingParty]
    let operatorView: OperatorView
    /// Whether somebody is there just now.
    let isOnline: @Sendable (UserID) -> Bool

    var publicURL: PublicURL { origins.publicURL }

    /// What the operator decides about the pages and the API.
    package struct Settings: Sendable {
        package var registration = Registration.open
        /// Largest body of a request, in bytes.
        package var bodyBytesMax = 131_072
        /// How long a poll for events waits for one.
        package var pollTime = Seconds(25)

        package init() {}
    }

    /// Who may make an account.
    package enum Registration: String, CaseIterable, Sendable {
        case open
        /// Whoever has an address at one of the operator's domains, or was given a link.
        case domain
        /// Whoever was given a link.
        case invitation
        /// Nobody: the operator makes them.
        case closed
    }

    package init(
        chat: Chat, authenticator: Authenticator, formTokens: FormTokens, frontDoor: FrontDoor,
        origins: OriginPolicy, settings: Settings,
        templates: Templates, assets: Assets, health: Health, demoSignIns: DemoSignIns,
        events: EventStreams, addressTest: AddressTest, setUpLink: SetUpLink,
        pendingSignIns: PendingSignIns, providers: [RelyingParty], operatorView: OperatorView,
        isOnline: @escaping @Sendable (UserID) -> Bool
    ) {
        self.chat = chat
        self.authenticator = authenticator
        self.formTokens = formTokens
        self.frontDoor = frontDoor
        self.origins = origins
        self.settings = settings
        self.templates = templates
        self.assets = assets
        self.health = health
        self.demoSignIns = demoSignIns
        self.events = events
        self.addressTest = addressTest
        self.setUpLink = setUpLink
        self.pendingSignIns = pendingSignIns
        self.providers = providers
        self.operatorView = operatorView
        self.isOnline = isOnline
    }
}
