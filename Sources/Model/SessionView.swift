/// What carries a sign-in from request to request.
package enum SessionKind: String, Sendable {
    /// An opaque token in a cookie.
    case browser
    /// Access tokens (JWT) and a family of rotating refresh tokens.
    case api
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
