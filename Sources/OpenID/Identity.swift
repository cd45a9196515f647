/// Who somebody is, as a provider says. Issuer and subject together are the person, for ever; all else may change and may
/// be anybody's (OpenID Connect Core 1.0, section 5.7).
package struct Identity: Hashable, Sendable {
    package let issuer: String
    /// 1 to 255 characters of ASCII, with small and capital letters told apart.
    package let subject: String
    /// As the provider writes it.
    package let email: String?
    /// Whether the provider says that the address is this person's.
    package let emailIsVerified: Bool
    /// A line of at most 200 characters, for `Rules.name` to judge. So are the next two.
    package let name: String?
    package let preferredUsername: String?
    package let locale: String?

    package init(
        issuer: String, subject: String, email: String?, emailIsVerified: Bool, name: String?,
        preferredUsername: String?, locale: String?
    ) {
        self.issuer = issuer
        self.subject = subject
        self.email = email
        self.emailIsVerified = emailIsVerified
        self.name = name
        self.preferredUsername = preferredUsername
        self.locale = locale
    }

    /// - Parameter more: what userinfo added.
    init(_ claims: IDClaims, more: ProfileClaims?) {
        let profile = claims.profile
        let mail = more ?? profile
        self.init(
            issuer: claims.iss, subject: claims.sub, email: mail.email,
            emailIsVerified: mail.email != nil && mail.emailIsVerified, name: profile.name ?? more?.name,
            preferredUsername: profile.preferredUsername ?? more?.preferredUsername,
            locale: profile.locale ?? more?.locale)
    }
}
