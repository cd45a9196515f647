/// What an access list can be set for.
package enum GuardedArea: String, CaseIterable, Hashable, Sendable {
    /// All ways of getting a session: passwords, links, providers, new accounts.
    case signIn = "sign-in"
    /// The operator's pages, and keeping people out.
    case admin
    /// The real-time connections, and what stands in for them over HTTP.
    case socket

    /// The area that a path of ours is in; `nil` for one that nobody is kept from. What is new below these is in them by
    /// itself; what ends a sign-in or only shows it is not.
    ///
    /// - Parameter path: without what the public URL has in front. Empty parts count for nothing, as they do for the router.
    package init?(path: String) {
        let parts = path.prefix { $0 != "?" }.split(separator: "/")
        switch (parts.first, parts.dropFirst().first, parts.dropFirst(2).first) {
        case ("admin", _, _): self = .admin
        case ("api", "users", _) where parts.dropFirst(3).first == "suspension": self = .admin
        case ("ws", _, _), ("api", "events", _): self = .socket
        case ("accounts", "logout", _), ("api", "auth", "me"), ("api", "auth", "logout"), ("api", "auth", "ws-ticket"),
            ("api", "auth", "email"):
            return nil
        case ("accounts", _, _), ("api", "auth", _), ("auth", _, _), ("password", _, _), ("setup", _, _): self = .signIn
        default: return nil
        }
    }

    /// For a sentence.
    package var words: String {
        switch self {
        case .signIn: "signing in"
        case .admin: "the operator's pages"
        case .socket: "real-time connections"
        }
    }
}

/// A list for each area.
package struct AccessLists: Sendable {
    private var lists: [GuardedArea: AccessList] = [:]

    /// All open.
    package init() {}

    package subscript(area: GuardedArea) -> AccessList {
        get { lists[area] ?? AccessList() }
        set { lists[area] = newValue }
    }
}
