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
