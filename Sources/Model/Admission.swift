package import Foundation

/// What lets somebody make an account.
package enum Admission: Sendable {
    /// Nothing else is asked for.
    case open
    /// SHA-256 of an invitation's token; the role is the invitation's.
    case invitation(Data)
    /// There is no administrator yet.
    case firstAdmin
}
