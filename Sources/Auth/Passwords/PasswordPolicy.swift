package import Model

/// What a new password may be: long enough, none that everybody's guessing begins with, and no name of its person or of
/// the server (ASVS 5.0, V6.2). Passwords that were set before stay.
package struct PasswordPolicy: Sendable {
    private let limits: Limits
    private let serverNames: Set<String>

    /// - Parameter host: the server's, in the public URL.
    package init(limits: Limits, host: String = "") {
        self.limits = limits
        serverNames = Set((["parley", host] + host.split(separator: ".").map(String.init)).map(Self.stem))
    }

    /// - Parameter names: what its person is called, here and elsewhere.
    /// - Throws: `invalid_field` with the field `password`.
    package func check(_ password: String, names: [String] = []) throws {
        try Rules.password(password, limits: limits)
        let plain = password.lowercased()
        guard !CommonPasswords.contains(plain) else {
            throw refusal("This password is one of those that are guessed first. Choose another.")
        }
        let stem = Self.stem(plain)
        guard !stem.isEmpty else { return }
        guard !serverNames.contains(stem) else {
            throw refusal("This password is the server's name. Choose another.")
        }
        guard !names.contains(where: { Self.stem($0) == stem }) else {
            throw refusal("This password is a name of yours. Choose another.")
        }
    }

    package func check(_ password: String, of user: User) throws {
        try check(password, names: [user.username, user.name])
    }

    /// A word in small letters, without what people put before and after it: `parley` of `Parley2026!`.
    private static func stem(_ word: String) -> String {
        var stem = word.lowercased()[...]
        while let last = stem.last, !last.isLetter { stem.removeLast() }
        while let first = stem.first, !first.isLetter { stem.removeFirst() }
        return String(stem)
    }

    private func refusal(_ sentence: String) -> ChatError {
        ChatError(.invalidField, sentence, field: "password")
    }
}
