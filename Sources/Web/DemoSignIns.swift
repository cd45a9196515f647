package import Chat

/// Whether the sign-in page may offer the demo accounts: they are there, with the passwords that everybody knows.
///
/// Finding out costs a password hash, so it is done once, when they have been seen to be there.
package actor DemoSignIns {
    private let chat: Chat
    private let isAllowed: Bool
    private var known: Bool?

    /// - Parameter isAllowed: the server's address is local.
    package init(chat: Chat, isAllowed: Bool) {
        self.chat = chat
        self.isAllowed = isAllowed
    }

    package func areOffered() async -> Bool {
        guard isAllowed else { return false }
        if let known { return known }
        guard let answer = try? await chat.hasDemoData() else { return false }
        known = answer
        return answer
    }
}
