import Auth
import Foundation
import Logging
import Model
import NIOCore
import OpenID
import Outgoing
import Proxy
import Realtime
import Storage
import Web

/// The settings in force, as the values that the server is built from.
struct Settings: Sendable {
    /// At least one.
    let listen: [ListenAddress]
    /// `nil`: no TLS here.
    let tls: TLSFiles?
    /// May be empty.
    let redirectListen: [ListenAddress]
    let acmeDirectory: String?
    let publicURL: PublicURL
    let trustedProxies: TrustedProxies
    let expectsPreamble: Bool
    let allowedHosts: [String]
    let allowedOrigins: [PublicURL]
    let access: AccessLists
    let dataDirectory: String
    /// `nil`: kept in the data directory.
    let messageKeys: KeyRing?
    let tokenKey: ServerSecret?
    let registration: Site.Registration
    /// What addresses of new accounts end with; empty where any will do.
    let registrationDomains: Set<String>
    /// Whether people have to verify an address before they chat.
    let needsEmail: Bool
    let lifetimes: Authenticator.Lifetimes
    let accessTokenLifetime: Seconds
    let ticketLifetime: Seconds
    let allowsQueryToken: Bool
    let providers: [Provider]
    let factorRoles: Set<Role>
    let passwords: PasswordHasher.Parameters
    let passwordHashesMax: Int
    /// `nil`: no mail is sent.
    let mail: MailSettings?
    let outgoingAddresses: AddressPolicy
    let outgoingAuthorities: String?
    let hookLimits: HookLimits
    /// Whether outgoing hooks may be sent to `http://`: where they stay in networks of our own.
    let allowsPlainHooks: Bool
    let limits: Limits
    let socketLimits: SocketLimits
    let eventLoops: Int
    let bodyBytesMax: Int
    let pollTime: Seconds
    let webDirectory: String?
    let reloadsWeb: Bool
    let logLevel: Logger.Level
    /// All of them as they may be shown, with where each comes from.
    let lines: [OperatorView.Line]

    /// - Throws: `SettingsError.malformed`.
    init(_ sources: SettingsSources) throws {
        let values = SettingsValues(sources: sources)
        listen = try values.parsed("listen") { ListenAddress.list($0) }
        tls = try values.tlsFiles()
        redirectListen = try values.optional("redirect-listen") { ListenAddress.list($0) } ?? []
        acmeDirectory = try values.optional("acme-directory") { $0 }
        publicURL =
            try values.optional("public-url") { PublicURL($0) }
            ?? ListenAddress.localURL(listen, isSecure: tls != nil)
        trustedProxies = try values.parsed("trusted-proxies") { text in
            TrustedProxies(text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
        }
        expectsPreamble = try values.boolean("proxy-protocol")
        allowedHosts = try values.list("allowed-hosts") { HostPolicy.name($0) }
        allowedOrigins = try values.list("allowed-origins") { PublicURL($0) }
        access = try values.accessLists()
        dataDirectory = try values.text("data-dir")
        messageKeys = try values.optional("message-keys") { try? KeyRing(parsing: $0) }
        tokenKey = try values.optional("token-key") { try? ServerSecret(parsing: $0) }
        registration = try values.parsed("registration") { Site.Registration(rawValue: $0) }
        registrationDomains = try values.registrationDomains(registration)
        needsEmail = try values.choice("email-verification") == "required"
        lifetimes = try values.lifetimes()
        accessTokenLifetime = Seconds(try values.number("access-token-seconds"))
        ticketLifetime = Seconds(try values.number("ticket-seconds"))
        allowsQueryToken = try values.boolean("allow-query-token")
        providers = try ProviderSettings.providers(
            values.optional("openid-providers") { $0 } ?? "", secrets: values.optional("openid-secrets") { $0 } ?? "")
        factorRoles = Set(try values.list("second-factor-roles") { Role(rawValue: $0) })
        passwords = try values.passwords()
        passwordHashesMax = Int(try values.number("password-hashes-max"))
        mail = try values.mail(publicURL)
        outgoingAddresses = try values.parsed("outgoing-addresses") { AddressPolicy($0) }
        outgoingAuthorities = try values.optional("outgoing-authorities") { $0 }
        hookLimits = try values.hookLimits()
        allowsPlainHooks = try values.text("outgoing-addresses") == "any"
        limits = try values.limits()
        socketLimits = try values.socketLimits()
        eventLoops = Int(try values.number("event-loops"))
        pollTime = Seconds(try values.number("poll-seconds"))
        bodyBytesMax = Int(try values.number("body-bytes-max"))
        webDirectory = try values.optional("web-dir") { $0 }
        reloadsWeb = try values.boolean("web-reload")
        logLevel = try values.parsed("log-level") { Logger.Level(rawValue: $0) }
        lines = sources.all.map(OperatorView.Line.init)
        try values.checkTogether(limits, socketLimits, bodyBytesMax: bodyBytesMax)
        try Self.checkSecrets(publicURL, tokenKey, messageKeys)
        try values.checkVerification(needsEmail: needsEmail, registration, mail, publicURL)
        try values.checkPublicURL(publicURL, hasTLS: tls != nil, redirects: !redirectListen.isEmpty)
    }
}

extension Settings {
    /// Keys that were copied from an example are known to everybody. On one's own machine they may do.
    private static func checkSecrets(_ url: PublicURL, _ tokenKey: ServerSecret?, _ messageKeys: KeyRing?) throws {
        guard !url.isLocal else { return }
        let made = [("token-key", tokenKey?.isPredictable), ("message-keys", messageKeys?.isPredictable)]
        guard let name = made.first(where: { $0.1 == true })?.0 else { return }
        throw SettingsError.conflict(
            "\(name) is not random, so that anybody may guess it. Make one with: head -c 32 /dev/urandom | base64")
    }
}
