package import Model

/// Which account an identity signs in to.
package enum AccountLink: Hashable, Sendable {
    /// The one that it belongs to.
    case signIn(UserID)
    /// This one, to which it is added now.
    case link(UserID)
    /// A new one, with this address, if any, as a verified one.
    case create(verifiedEmail: String?)
    /// None: it belongs to another account than the one it should be added to.
    case refuse

    /// An identity is added to an account that exists only if its owner is signed in and asks for it, or if both the
    /// provider and this server have verified the same address as theirs.
    /// - Parameters:
    ///   - owner: whose the identity (issuer and subject) is already.
    ///   - linking: who was signed in when it began, and is now.
    ///   - addressHolder: who has verified the identity's address *here*. An address that somebody merely typed in counts for
    ///     nothing: else whoever registered it first would get what its owner does later.
    package static func decide(
        _ identity: Identity, owner: UserID?, linking: UserID?, addressHolder: UserID?
    ) -> AccountLink {
        if let linking {
            guard let owner else { return .link(linking) }
            return owner == linking ? .signIn(owner) : .refuse
        }
        if let owner { return .signIn(owner) }
        guard identity.emailIsVerified, let email = identity.email else { return .create(verifiedEmail: nil) }
        if let addressHolder { return .link(addressHolder) }
        return .create(verifiedEmail: email)
    }
}
