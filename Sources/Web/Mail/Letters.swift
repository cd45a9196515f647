package import Chat
package import Model
package import Proxy

/// The letters that Parley writes, each from two templates in `templates/mail/`: NAME-text and NAME-html. Links in them
/// begin with the public URL.
package struct Letters: Sendable {
    private let templates: Templates
    private let publicURL: PublicURL

    package init(templates: Templates, publicURL: PublicURL) {
        self.templates = templates
        self.publicURL = publicURL
    }

    /// What `parley mail test` sends.
    package func test() throws -> Letter {
        try letter("test", subject: "Test mail from \(publicURL.host)")
    }

    /// A letter to somebody about their account.
    package func letter(_ letter: AccountLetter, to user: User) throws -> Letter {
        let host = publicURL.host
        let (name, subject, more): (String, String, [String: Any]) =
            switch letter {
            case .verification(let code, let time):
                ("verification", "Your code for \(host)", ["code": code, "lasting": time.words])
            case .addressInUse: ("address-in-use", "You have an account at \(host) already", [:])
            case .welcome: ("welcome", "Welcome to \(host)", [:])
            case .passwordReset(let token, let time):
                (
                    "password-reset", "A new password for \(host)",
                    ["link": "\(publicURL)/password/new/?token=\(token)", "lasting": time.words]
                )
            case .passwordChanged: ("password-changed", "Your password at \(host) has changed", [:])
            case .emailChanged(let new):
                (
                    "email-changed", "Your address at \(host) has changed",
                    new.map { ["new": Self.shortened($0)] } ?? [:]
                )
            case .secondFactorOff: ("second-factor-off", "Your second factor at \(host) is off", [:])
            case .passkeyAdded(let key): ("passkey-added", "A passkey was added at \(host)", ["key": key])
            }
        var values = more
        values["username"] = user.username
        values["canReset"] = "\(publicURL)/password/reset/"
        return try self.letter(name, subject: subject, values)
    }

    /// So much of an address that its owner knows it: whoever reads the mail of the one before is maybe not its owner.
    private static func shortened(_ address: EmailAddress) -> String {
        "\(address.description.prefix(1))…@\(address.domain)"
    }

    private func letter(_ name: String, subject: String, _ values: [String: Any] = [:]) throws -> Letter {
        var values = values
        values["subject"] = subject
        values["appName"] = "Parley"
        values["publicURL"] = publicURL.description
        return Letter(
            subject: subject, text: try templates.render("mail-\(name)-text", values),
            html: try templates.render("mail-\(name)-html", values))
    }
}
