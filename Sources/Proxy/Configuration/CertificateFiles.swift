/// A certificate with its chain, and its key, in PEM files.
struct CertificateFiles: Sendable {
    let certificate: String
    let key: String
    let isFromCertbot: Bool

    init(certificate: String, key: String, isFromCertbot: Bool) {
        self.certificate = certificate
        self.key = key
        self.isFromCertbot = isFromCertbot
    }

    /// Where certbot keeps them (<https://eff-certbot.readthedocs.io/en/stable/using.html#where-certs>).
    init(fromCertbotFor host: String) {
        self.init(
            certificate: "/etc/letsencrypt/live/\(host)/fullchain.pem",
            key: "/etc/letsencrypt/live/\(host)/privkey.pem", isFromCertbot: true)
    }

    /// Where certbot puts the answers that the authority asks for; both Debian's and Red Hat's Apache have it.
    static let challengeDirectory = "/var/www/html"
    static let challengePath = "/.well-known/acme-challenge/"
}
