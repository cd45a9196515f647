import Foundation
package import Model
package import Storage

/// Accounts of people who come by a provider of sign-ins: they have no password.
extension Authenticator {
    /// Makes an account, with a username that is free.
    /// - Parameters:
    ///   - email: an address that the provider has verified.
    ///   - wishes: what the username may be made of, best first.
    ///   - name: to be shown; made to fit, or the username where it does not.
    /// - Throws: `identity_taken`, `email_taken`, `too_many_requests`, `invitation_invalid`.
    package func register(
        _ identity: NewIdentity, email: EmailAddress?, wishes: [String], name: String?, admission: Admission,
        from client: Client
    ) async throws -> User {
        if let network = client.network { try registrations.take(network) }
        for username in UsernameSuggestions(wishes) {
            let isFiltered = limits.wordFilter?.finds(in: username) ?? false
            guard !isFiltered, try await stores.users.user(named: username) == nil else { continue }
            let shown = name.flatMap { try? Rules.name($0, field: "name", limits: limits) } ?? username
            do {
                return try await stores.users.create(
                    NewUser(
                        username: username, name: shown, role: .member, passwordHash: "", admission: admission,
                        identity: identity, email: email.map { .verified($0) }))
            } catch let error as ChatError where error.code == .usernameTaken {
                continue
            }
        }
        throw ChatError(.usernameTaken, "There is no free username that is like yours. Make an account by yourself.")
    }
}

/// Usernames made of what somebody is called elsewhere: `Zoë Ångström` to `zoe-angstrom`, `zoe-angstrom2`, …
struct UsernameSuggestions: Sequence {
    private let stems: [String]
    private static let charactersMax = 24

    init(_ wishes: [String]) {
        let stems = wishes.compactMap(Self.stem)
        self.stems = stems.isEmpty ? ["person"] : stems
    }

    func makeIterator() -> some IteratorProtocol<String> {
        let plain = stems.lazy
        let numbered = (2...99).lazy.map { "\(stems[0])\($0)" }
        let random = (0..<20).lazy.map { _ in "\(stems[0])-\(UInt32.random(in: 1_000...999_999))" }
        return (Array(plain) + Array(numbered) + Array(random)).makeIterator()
    }

    /// What of a text can be a username; `nil` where too little is left.
    private static func stem(_ text: String) -> String? {
        let plain = text.applyingTransform(.toLatin, reverse: false) ?? text
        let folded = plain.folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil)
        var stem = ""
        for scalar in folded.lowercased().unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9": stem.unicodeScalars.append(scalar)
            case "'", "\u{2019}": break
            case _ where stem.isEmpty || "-._".contains(stem.last ?? "-"): break
            case ".", "_": stem.unicodeScalars.append(scalar)
            default: stem.append("-")
            }
            if stem.count == charactersMax { break }
        }
        while let last = stem.last, "-._".contains(last) { stem.removeLast() }
        return try? Rules.username(stem)
    }
}
