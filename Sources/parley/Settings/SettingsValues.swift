import Auth
import Foundation
import Model
import NIOCore
import Proxy
import Realtime

/// Reads settings as what they are, or throws the error that says what is wrong with one.
struct SettingsValues {
    let sources: SettingsSources

    /// - Throws: `SettingsError.malformed` when `parse` makes nothing of the value.
    func parsed<Value>(_ name: String, _ parse: (String) -> Value?) throws -> Value {
        let resolved = resolved(name)
        guard let value = parse(resolved.value) else { throw SettingsError.malformed(resolved) }
        return value
    }

    /// `nil` where the setting is empty.
    func optional<Value>(_ name: String, _ parse: (String) -> Value?) throws -> Value? {
        try parsed(name) { text -> Value?? in text.isEmpty ? .some(nil) : parse(text).map { .some($0) } }
    }

    func list<Value>(_ name: String, _ parse: (String) -> Value?) throws -> [Value] {
        try parsed(name) { text in
            let items = text.split(separator: ",").map { parse($0.trimmingCharacters(in: .whitespaces)) }
            let values = items.compactMap { $0 }
            return values.count == items.count ? values : nil
        }
    }

    func text(_ name: String) throws -> String {
        try parsed(name) { $0.isEmpty ? nil : $0 }
    }

    func boolean(_ name: String) throws -> Bool {
        try parsed(name) { text in
            switch text {
            case "true", "yes", "1": true
            case "false", "no", "0": false
            default: nil
            }
        }
    }

    func choice(_ name: String) throws -> String {
        guard case .choice(let choices) = resolved(name).setting.kind else {
            preconditionFailure("\(name) is not a choice")
        }
        return try parsed(name) { choices.contains($0) ? $0 : nil }
    }

    func number(_ name: String) throws -> Int64 {
        guard case .number(let range) = resolved(name).setting.kind else {
            preconditionFailure("\(name) is not a number")
        }
        return try parsed(name) { Int64($0).flatMap { range.contains($0) ? $0 : nil } }
    }

    private func resolved(_ name: String) -> ResolvedSetting {
        guard let setting = SettingsTable[name] else { preconditionFailure("there is no setting \(name)") }
        return sources.resolve(setting)
    }
}

// Groups of settings, as the parts of the server take them.
extension SettingsValues {
    func lifetimes() throws -> Authenticator.Lifetimes {
        var lifetimes = Authenticator.Lifetimes()
        lifetimes.browserSession = .days(try number("session-days"))
        lifetimes.refreshToken = .days(try number("refresh-token-days"))
        lifetimes.signInMax = .days(try number("sign-in-days-max"))
        return lifetimes
    }

    func passwords() throws -> PasswordHasher.Parameters {
        var parameters = PasswordHasher.Parameters()
        parameters.memoryKiB = UInt32(try number("password-memory-kib"))
        parameters.iterations = UInt32(try number("password-iterations"))
        parameters.parallelism = UInt32(try number("password-parallelism"))
        return parameters
    }

    func limits() throws -> Limits {
        var limits = Limits()
        limits.messageCharactersMax = Int(try number("message-characters-max"))
        limits.historyPageMax = Int(try number("history-page-max"))
        limits.resumeMessagesMax = Int(try number("resume-messages-max"))
        limits.presenceMembersMax = Int(try number("presence-sockets-max"))
        limits.directMembersMax = Int(try number("direct-members-max"))
        limits.accountTriesMax = Int(try number("account-tries-max"))
        limits.accountLockTime = Seconds(try number("account-lock-seconds"))
        limits.signInRate = try parsed("sign-in-rate") { Rate($0) }
        limits.registrationRate = try parsed("registration-rate") { Rate($0) }
        limits.emailCodeTime = Seconds(try number("email-code-seconds"))
        limits.emailCodeTriesMax = Int(try number("email-code-tries-max"))
        limits.emailCodeRate = try parsed("email-code-rate") { Rate($0) }
        limits.resetTime = Seconds(try number("reset-seconds"))
        limits.resetRate = try parsed("reset-rate") { Rate($0) }
        limits.resetNetworkRate = try parsed("reset-network-rate") { Rate($0) }
        limits.signInStartRate = try parsed("sign-in-start-rate") { Rate($0) }
        limits.passkeysMax = Int(try number("passkeys-max"))
        limits.providerSignInsMax = Int(try number("provider-sign-ins-max"))
        limits.recentSignInTime = Seconds(try number("recent-sign-in-seconds"))
        limits.messageRate = try parsed("message-rate") { Rate($0) }
        limits.roomRate = try parsed("room-rate") { Rate($0) }
        limits.tokenDaysMax = try number("token-days-max")
        limits.tokensMax = Int(try number("tokens-max"))
        limits.membersMakeBots = try boolean("members-make-bots")
        limits.botsMax = Int(try number("bots-max"))
        limits.hooksMax = Int(try number("hooks-max"))
        limits.hookRate = try parsed("hook-rate") { Rate($0) }
        limits.searchRate = try parsed("search-rate") { Rate($0) }
        limits.bioCharactersMax = Int(try number("bio-characters-max"))
        limits.statusCharactersMax = Int(try number("status-characters-max"))
        limits.profileRate = try parsed("profile-rate") { Rate($0) }
        limits.exportRate = try parsed("export-rate") { Rate($0) }
        limits.deletedMessages = try parsed("deleted-messages") { DeletedMessages(rawValue: $0) }
        limits.reportRate = try parsed("report-rate") { Rate($0) }
        let action = try parsed("word-filter-action") { WordFilter.Action(rawValue: $0) }
        limits.wordFilter = try optional("word-filter") { WordFilter($0, action: action) }
        return limits
    }

    func socketLimits() throws -> SocketLimits {
        var limits = SocketLimits()
        limits.frameBytesMax = Int(try number("frame-bytes-max"))
        limits.badFramesMax = Int(try number("bad-frames-max"))
        limits.commandsInFlightMax = Int(try number("commands-in-flight-max"))
        limits.outboundBytesMax = Int(try number("outbound-bytes-max"))
        if try boolean("permessage-deflate") { limits.deflateBytesMin = Int(try number("deflate-bytes-min")) }
        limits.framesPerSecondMax = Int(try number("frames-per-second-max"))
        limits.socketsPerPersonMax = Int(try number("sockets-per-person-max"))
        limits.socketsPerAddressMax = Int(try number("sockets-per-address-max"))
        limits.subscriptionsMax = Int(try number("subscriptions-max"))
        limits.presenceSocketsMax = Int(try number("presence-sockets-max"))
        limits.presenceGrace = .seconds(try number("presence-grace-seconds"))
        limits.pingInterval = .seconds(try number("ping-seconds"))
        limits.silenceMax = .seconds(try number("silence-seconds"))
        limits.authenticationTime = .seconds(try number("authenticate-seconds"))
        limits.connectionsMax = Int(try number("connections-max"))
        limits.headTime = .seconds(try number("head-seconds"))
        limits.requestTime = .seconds(try number("request-seconds"))
        limits.httpIdleTime = .seconds(try number("http-idle-seconds"))
        return limits
    }

    func tlsFiles() throws -> TLSFiles? {
        let certificate = try optional("tls-certificate") { $0 }
        let key = try optional("tls-key") { $0 }
        guard (certificate == nil) == (key == nil) else {
            throw SettingsError.conflict("tls-certificate and tls-key belong together: set both of them, or neither.")
        }
        guard let certificate, let key else { return nil }
        return TLSFiles(certificate: certificate, key: key)
    }

    /// What people type has to lead to where TLS is spoken.
    func checkPublicURL(_ url: PublicURL, hasTLS: Bool, redirects: Bool) throws {
        guard !url.isSecure else { return }
        if hasTLS { throw SettingsError.conflict("With tls-certificate the public-url has to begin with https://.") }
        if redirects {
            throw SettingsError.conflict(
                "redirect-listen sends everybody to the public-url, which then has to begin with https://.")
        }
    }

    /// Settings that are each fine but not together.
    func checkTogether(_ limits: Limits, _ socketLimits: SocketLimits, bodyBytesMax: Int) throws {
        guard socketLimits.pingInterval < socketLimits.silenceMax else {
            throw SettingsError.conflict(
                "ping-seconds has to be less than silence-seconds: a socket is pinged before it is given up.")
        }
        // A character is at most 12 bytes of JSON, and there are other fields beside the text.
        let needed = limits.messageCharactersMax * 12 + 1024
        guard needed <= socketLimits.frameBytesMax, needed <= bodyBytesMax else {
            throw SettingsError.conflict(
                "A message of message-characters-max may take \(needed) bytes: frame-bytes-max and body-bytes-max have to be at least that."
            )
        }
    }
}
