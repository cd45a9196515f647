package import Auth
package import Chat
import Model
package import Proxy

/// Everything that a request is answered from.
package struct Site: Sendable {
    let chat: Chat
    let authenticator: Authenticator
    let formTokens: FormTokens
    let origins: OriginPolicy
    let settings: Settings
    let templates: Templates
    let assets: Assets
    let health: Health
    let demoSignIns: DemoSignIns

    var publicURL: PublicURL { origins.publicURL }

    /// What the operator decides about the pages and the API.
    package struct Settings: Sendable {
        /// Anybody may make an account.
        package var isRegistrationOpen = true
        /// Largest body of a request, in bytes.
        package var bodyBytesMax = 131_072

        package init() {}
    }

    package init(
        chat: Chat, authenticator: Authenticator, formTokens: FormTokens, origins: OriginPolicy, settings: Settings,
        templates: Templates, assets: Assets, health: Health, demoSignIns: DemoSignIns
    ) {
        self.chat = chat
        self.authenticator = authenticator
        self.formTokens = formTokens
        self.origins = origins
        self.settings = settings
        self.templates = templates
        self.assets = assets
        self.health = health
        self.demoSignIns = demoSignIns
    }
}
