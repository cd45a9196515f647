/// What carries a sign-in from request to request.
package enum SessionKind: String, Sendable {
    /// An opaque token in a cookie.
    case browser
    /// Access tokens (JWT) and a family of rotating refresh tokens.
    case api
}

/// A place in the list of all sign-ins: when one was used last, and its number.
package struct SessionCursor: Hashable, Sendable {
    package let lastUsedAt: Timestamp
    package let id: SessionID

    package init(lastUsedAt: Timestamp, id: SessionID) {
        self.lastUsedAt = lastUsedAt
        self.id = id
    }
}

/// An open sign-in and whose it is, for administrators.
package struct PersonSession: Sendable {
    package let username: String
    package let name: String
    package let session: SessionView

    package init(username: String, name: String, session: SessionView) {
        self.username = username
        self.name = name
        self.session = session
    }
}

/// An open sign-in, for its owner to recognise.
package struct SessionView: Sendable {
    package let id: SessionID
    package let kind: SessionKind
    package let createdAt: Timestamp
    package let lastUsedAt: Timestamp
    /// Where it was used last, if that is known.
    package let address: String?
    package let userAgent: String

    package init(
        id: SessionID, kind: SessionKind, createdAt: Timestamp, lastUsedAt: Timestamp, address: String?,
        userAgent: String
    ) {
        self.id = id
        self.kind = kind
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.address = address
        self.userAgent = userAgent
    }
}
