package import Model

/// What is written to people about their accounts.
package enum AccountLetter: Hashable, Sendable {
    /// - Parameter code: to be typed at `/verify/`.
    case verification(code: String, lasting: Seconds)
    /// Somebody said that this address is theirs, but it is verified by this account.
    case addressInUse
    case welcome
    /// - Parameter token: for the link.
    case passwordReset(token: String, lasting: Seconds)
    case passwordChanged
    /// To the address before.
    /// - Parameter new: `nil` where it was removed.
    case emailChanged(new: EmailAddress?)
    case secondFactorOff
    case passkeyAdded(name: String)
}

/// Takes letters to be sent.
package protocol Post: Sendable {
    /// Whether it reaches people's mailboxes, and not only the operator's log.
    var sendsMail: Bool { get }

    /// The letter is kept safe when this returns; it goes out when it can.
    func send(_ letter: AccountLetter, to address: EmailAddress, of user: User) async throws
}
