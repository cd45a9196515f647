/// What somebody is to read in a mail: the same twice, as plain text and as HTML.
package struct Letter: Hashable, Sendable {
    /// One line. It is kept in the clear, shown in lists and on locked telephones: no place for a code.
    package let subject: String
    package let text: String
    package let html: String

    package init(subject: String, text: String, html: String) {
        self.subject = subject
        self.text = text
        self.html = html
    }
}
