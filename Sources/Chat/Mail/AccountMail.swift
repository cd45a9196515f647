package import Auth
package import Model
import Storage

/// What mail to people about their accounts needs.
package struct AccountMail: Sendable {
    let post: any Post
    let codes: EmailCodes
    package let errands: Errands
    /// Where accounts are for addresses at these domains; empty where any will do.
    let domains: Set<String>
    /// Codes to one person, and to one address, whoever asks for them.
    let codesToPerson: RateLimiter<UserID>
    let codesToAddress: RateLimiter<String>
    /// Resets by what was typed, by whose account it is, and by where it was typed.
    let resetsTyped: RateLimiter<String>
    let resetsOfPerson: RateLimiter<UserID>
    let resetsFromNetwork: RateLimiter<String>

    package init(
        post: any Post, codes: EmailCodes, errands: Errands, limits: Limits, domains: Set<String> = []
    ) {
        self.post = post
        self.codes = codes
        self.errands = errands
        self.domains = domains
        codesToPerson = RateLimiter(limits.emailCodeRate)
        codesToAddress = RateLimiter(limits.emailCodeRate)
        resetsTyped = RateLimiter(limits.resetRate)
        resetsOfPerson = RateLimiter(limits.resetRate)
        resetsFromNetwork = RateLimiter(limits.resetNetworkRate)
    }

    /// A new claim, and the code that belongs to it.
    func claim(_ address: EmailAddress, limits: Limits) -> (claim: NewEmailClaim, code: String) {
        let (code, now) = (codes.code(), Timestamp.now)
        let claim = NewEmailClaim(
            address: address, codeHash: codes.hash(code, of: address), createdAt: now,
            expiresAt: now + limits.emailCodeTime)
        return (claim, code)
    }

    /// - Throws: `invalid_field` with the field `email`.
    func checkDomain(of address: EmailAddress) throws(ChatError) {
        guard domains.isEmpty || domains.contains(address.domain) else {
            throw ChatError(
                .invalidField, "Accounts here are for addresses at \(domains.sorted().joined(separator: ", ")).",
                field: "email")
        }
    }
}
