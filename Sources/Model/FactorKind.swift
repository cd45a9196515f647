/// What somebody can show besides a password.
package enum FactorKind: Hashable, Sendable {
    /// One-time codes by time.
    case codes
    case passkey
}
