import Model
import Outgoing
import Proxy
import Web

/// How mail is sent.
struct MailSettings: Sendable {
    let server: SMTPServer
    let from: Mailbox
    let retry: RetryPlan
}

extension SettingsValues {
    /// - Returns: `nil` where there is no mail server.
    func mail(_ publicURL: PublicURL) throws -> MailSettings? {
        let address = try optional("smtp-url") { SMTPAddress($0) }
        let from = try optional("mail-from") { Mailbox($0) }
        let username = try optional("smtp-username") { $0 }
        let password = try optional("smtp-password") { $0 }
        let startTLS = try parsed("smtp-starttls") { SMTPServer.StartTLS(rawValue: $0) }
        let authorities = try optional("smtp-authorities") { $0 }
        let time = Duration.seconds(try number("smtp-seconds"))
        var retry = RetryPlan()
        retry.wait = Seconds(try number("mail-retry-seconds"))
        retry.waitMax = Seconds(try number("mail-retry-seconds-max"))
        retry.duration = Seconds(try number("mail-retry-hours") * 3600)
        guard let address else { return nil }
        guard let from else {
            throw SettingsError.conflict("smtp-url needs mail-from: the address that our mail comes from.")
        }
        guard (username == nil) == (password == nil) else {
            throw SettingsError.conflict(
                "smtp-username and smtp-password belong together: set both of them, or neither.")
        }
        var server = SMTPServer(address)
        server.startTLS = startTLS
        server.authorities = authorities
        server.time = time
        server.ownName = Self.ownName(publicURL.host)
        if let username, let password {
            server.login = SMTPServer.Login(username: username, password: password)
        }
        guard !server.wouldTellPassword else {
            throw SettingsError.conflict(
                "With smtp-password TLS is needed: smtps:// as smtp-url, or smtp-starttls=required.")
        }
        return MailSettings(server: server, from: from, retry: retry)
    }

    /// Names of mail servers, as addresses have them.
    func registrationDomains(_ registration: Site.Registration) throws -> Set<String> {
        let domains = try list("registration-domains") { try? EmailAddress("x@\($0)").domain }
        guard (registration == .domain) != domains.isEmpty else {
            throw SettingsError.conflict(
                "registration=domain and registration-domains belong together: set both of them, or neither.")
        }
        return Set(domains)
    }

    /// What asks for a verified address has to be able to verify one.
    func checkVerification(
        needsEmail: Bool, _ registration: Site.Registration, _ mail: MailSettings?, _ publicURL: PublicURL
    ) throws {
        if registration == .domain, !needsEmail {
            throw SettingsError.conflict(
                "registration=domain needs email-verification=required: else anybody says that they are of the domain.")
        }
        if needsEmail, mail == nil, !publicURL.isLocal {
            throw SettingsError.conflict("email-verification=required needs smtp-url: a code is sent to each address.")
        }
    }

    /// As a mail server is told it: an address stands in brackets (RFC 5321, section 4.1.3).
    private static func ownName(_ host: String) -> String {
        if host.hasPrefix("[") { return "[IPv6:" + host.dropFirst() }
        return IPAddress(host) == nil ? host : "[\(host)]"
    }
}
