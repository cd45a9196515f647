import Auth
package import Model
package import OpenID
import Storage

/// Whose account a sign-in with a provider came to.
package struct ProviderAccount: Sendable {
    package enum Outcome: Sendable {
        /// The provider was theirs before.
        case known
        /// It is from now on.
        case added
        /// It made the account.
        case created
    }

    package let user: User
    package let outcome: Outcome
}

extension Chat {
    /// Finds, adds to or makes the account that a provider's word stands for (`AccountLink`).
    /// - Parameters:
    ///   - provider: its name in the settings, for the audit log.
    ///   - admission: what lets a new person in, or why nothing does.
    /// - Throws: `identity_taken`, `account_disabled`; for a new person what `admission` throws,
    ///   `registration_closed`, `invitation_invalid`, `too_many_requests`.
    package func account(
        for signIn: SignIn, provider: String, from client: Client,
        admission: @Sendable (_ verified: EmailAddress?) async throws -> Admission
    ) async throws -> ProviderAccount {
        let identity = signIn.identity
        let new = NewIdentity(issuer: identity.issuer, subject: identity.subject, email: identity.email)
        let owner = try await stores.identities.owner(issuer: identity.issuer, subject: identity.subject)
        let address = identity.verifiedAddress
        var holder: UserID?
        if let address { holder = try await stores.emails.owner(of: address)?.id }
        switch AccountLink.decide(identity, owner: owner, linking: signIn.linking, addressHolder: holder) {
        case .signIn(let id):
            let user = try await authenticator.pendingUser(id)
            try await stores.identities.used(new, at: .now)
            return ProviderAccount(user: user, outcome: .known)
        case .link(let id):
            let user = try await authenticator.pendingUser(id)
            let details = "\(provider) \(identity.email ?? identity.subject)"
            try await stores.identities.add(
                new, to: id, audit: NewAuditEntry(.addProvider, user.username, by: user.username, details: details))
            return ProviderAccount(user: user, outcome: .added)
        case .create:
            let admission = try await admission(address)
            if case .open = admission { try checkDomain(of: address) }
            let user = try await authenticator.register(
                new, email: address, wishes: identity.usernameWishes, name: identity.name, admission: admission,
                from: client)
            if address != nil { tell(.welcome, user.id) }
            return ProviderAccount(user: user, outcome: .created)
        case .refuse:
            throw ChatError(.identityTaken, "This belongs to another account of this server already.")
        }
    }

    /// Where accounts are for the addresses of some domains, the provider has to have verified one of them.
    private func checkDomain(of address: EmailAddress?) throws(ChatError) {
        let domains = emailDomains
        guard !domains.isEmpty, !domains.contains(address?.domain ?? "") else { return }
        throw ChatError(
            .registrationClosed,
            "Accounts here are for addresses at \(domains.joined(separator: ", ")), and this provider vouches for none of yours."
        )
    }

    // MARK: One's own

    /// What one signs in with besides, the oldest first.
    package func identities(of principal: Principal) async throws -> [LinkedIdentity] {
        try await stores.identities.identities(of: principal.user)
    }

    /// - Parameter provider: its name, for the audit log.
    /// - Throws: `provider_not_found`, `last_way_in`.
    package func removeIdentity(_ id: IdentityID, provider: String, by principal: Principal) async throws {
        guard
            try await stores.identities.remove(
                id, of: principal.user,
                audit: NewAuditEntry(.removeProvider, principal.username, by: principal.username, details: provider))
        else { throw ChatError(.providerNotFound, "You do not sign in with that.") }
    }
}

extension Identity {
    /// What the provider says is theirs; `nil` also for what is no address here.
    fileprivate var verifiedAddress: EmailAddress? {
        emailIsVerified ? email.flatMap { try? EmailAddress($0) } : nil
    }

    /// What a username may be made of, best first. Only the part of an address before the `@` is anybody's to see.
    fileprivate var usernameWishes: [String] {
        let local = email?.split(separator: "@").first.map(String.init)
        return [preferredUsername.map { String($0.prefix { $0 != "@" }) }, local, name].compactMap { $0 }
    }
}
