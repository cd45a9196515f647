/// What a person may do on the whole server.
package enum Role: String, Codable, Sendable, CaseIterable {
    /// Runs the server.
    case admin
    /// Keeps the peace.
    case moderator
    case member
    /// Is in the rooms that they were invited to, and in no others.
    case guest
}

/// A person's public face: what everybody in a room sees of them.
package struct Person: Codable, Hashable, Sendable {
    /// The name to sign in and to be invited by. Lower case, unique.
    package let username: String
    /// The name shown. Free text, not unique.
    package let name: String
    /// Whether a program writes under this name.
    package let isBot: Bool

    package init(username: String, name: String, isBot: Bool = false) {
        self.username = username
        self.name = name
        self.isBot = isBot
    }
}

extension Person {
    private enum CodingKeys: String, CodingKey {
        case username, name, isBot
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            username: try fields.decode(String.self, forKey: .username),
            name: try fields.decode(String.self, forKey: .name),
            isBot: try fields.decodeIfPresent(Bool.self, forKey: .isBot) ?? false)
    }

    /// `isBot` is there only where it is true, since it is part of every message.
    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(username, forKey: .username)
        try fields.encode(name, forKey: .name)
        if isBot { try fields.encode(true, forKey: .isBot) }
    }
}

/// An account. Its secrets are not part of it.
package struct User: Hashable, Sendable {
    package let id: UserID
    package let username: String
    package let name: String
    package let role: Role
    /// Nobody can sign in to it: an administrator said so, or it is suspended.
    package let isDisabled: Bool
    /// The end of its suspension, where it is suspended.
    package let suspendedUntil: Timestamp?
    package let createdAt: Timestamp
    /// Who came by a provider of sign-ins has none until they set one.
    package let hasPassword: Bool
    package let isBot: Bool
    /// They have shown that mail to an address reaches them.
    package let hasEmail: Bool
    /// Another one after each change of the password: a sign-in that began before it is worth nothing after it.
    package let passwordVersion: Int64

    package init(
        id: UserID, username: String, name: String, role: Role, isDisabled: Bool, createdAt: Timestamp,
        isBot: Bool = false, hasPassword: Bool = true, hasEmail: Bool = false, passwordVersion: Int64 = 0,
        suspendedUntil: Timestamp? = nil
    ) {
        self.id = id
        self.username = username
        self.name = name
        self.role = role
        self.isDisabled = isDisabled
        self.suspendedUntil = suspendedUntil
        self.createdAt = createdAt
        self.hasPassword = hasPassword
        self.isBot = isBot
        self.hasEmail = hasEmail
        self.passwordVersion = passwordVersion
    }

    package var person: Person { Person(username: username, name: name, isBot: isBot) }
}

/// Who is asking: a signed-in person and the sign-in they act through. Passed explicitly, everywhere.
package struct Principal: Hashable, Sendable {
    package let user: UserID
    package let username: String
    /// As it was when they were looked up, or changed since.
    package var name: String
    package private(set) var role: Role
    package let isBot: Bool
    package let session: SessionID
    package let grant: Grant
    package let hasPassword: Bool
    /// They still have to verify an address before they may do anything here but that.
    package let isUnverified: Bool

    /// - Parameter needsEmail: whether this server asks everybody to verify an address; bots have none.
    package init(user: User, session: SessionID, grant: Grant = .person, needsEmail: Bool = false) {
        self.user = user.id
        self.username = user.username
        self.name = user.name
        self.role = user.role
        isBot = user.isBot
        self.session = session
        self.grant = grant
        hasPassword = user.hasPassword
        isUnverified = needsEmail && !user.hasEmail && !user.isBot
    }

    /// The same person and sign-in with another role.
    package func with(_ role: Role) -> Principal {
        var copy = self
        copy.role = role
        return copy
    }

    package var person: Person { Person(username: username, name: name, isBot: isBot) }
}
