import CCurl

/// Why a mail was not taken. Its text says what the server said, and nothing of the mail or the password.
package struct MailFault: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// There was no talking about any mail: no connection, no TLS, no sign-in. It is the same for all others, and
        /// some day the operator or the server's will have mended it.
        case unreachable
        /// The server does not take this mail now (4xx).
        case later
        /// The server will never take it (5xx).
        case never
    }

    package let kind: Kind
    package let description: String

    package init(kind: Kind, description: String) {
        self.kind = kind
        self.description = description
    }

    /// What a server says when it wants a sign-in, or another one (RFC 4954, section 6): nothing about the mail.
    private static let signIn = [530, 534, 535, 538]

    init(_ outcome: CurlOutcome, _ replies: [SMTPReply], _ server: SMTPServer) {
        let reply = replies.last
        let said = reply.map { " It said: \($0.text)" } ?? ""
        // libcurl ends with these for an answer to the envelope, and to the mail itself.
        let isAboutMail =
            outcome.result == CURLE_SEND_ERROR || outcome.result == CURLE_WEIRD_SERVER_REPLY && outcome.isUploaded
        // Who sends is the same in every mail, but for one that is too long (RFC 1870, section 6.1).
        let isAboutSender = outcome.words.hasPrefix("MAIL failed") && reply?.code != 552
        if isAboutMail, !isAboutSender, let code = reply?.code, (400...599).contains(code),
            !Self.signIn.contains(code)
        {
            self.init(
                kind: code < 500 ? .later : .never,
                description: code < 500
                    ? "The mail server does not take this mail now.\(said)"
                    : "The mail server will not take this mail.\(said)")
            return
        }
        let words = SMTPReply.shown(
            outcome.words.isEmpty ? String(cString: curl_easy_strerror(outcome.result)) : outcome.words)
        let sentence =
            switch outcome.result {
            case CURLE_COULDNT_RESOLVE_HOST: "There is no host \(server.address.host)."
            case CURLE_COULDNT_CONNECT: "Nobody answers at \(server.address)."
            case CURLE_OPERATION_TIMEDOUT: "The mail server \(server.address) takes too long."
            case CURLE_LOGIN_DENIED: "The mail server refuses smtp-username and smtp-password.\(said)"
            case CURLE_USE_SSL_FAILED:
                "The mail server \(server.address) does not offer STARTTLS, without which nothing is sent.\(said)"
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
                "TLS with the mail server \(server.address) failed: \(words)."
            case _ where Self.signIn.contains(reply?.code ?? 0):
                "The mail server wants smtp-username and smtp-password.\(said)"
            case _ where isAboutMail && isAboutSender: "The mail server takes no mail from mail-from.\(said)"
            default: "The mail server \(server.address) broke off: \(words).\(said)"
            }
        self.init(kind: .unreachable, description: sentence)
    }
}
