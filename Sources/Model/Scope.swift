/// What an access token may be used for. This table and `Access` of each endpoint are all there is to it: what no scope
/// names, no token may do. Passwords, tokens, second factors, sign-ins and the operator's pages are for people who have
/// signed in themselves.
package enum Scope: String, CaseIterable, Sendable {
    case accountRead = "account:read"
    case accountWrite = "account:write"
    case roomsRead = "rooms:read"
    case roomsWrite = "rooms:write"
    case roomsModerate = "rooms:moderate"
    case messagesRead = "messages:read"
    case messagesWrite = "messages:write"
    case peopleRead = "people:read"

    /// For whoever chooses.
    package var summary: String {
        switch self {
        case .accountRead: "See whose token it is: username, name, role and profile."
        case .accountWrite: "Change the name that is shown, the profile and the status."
        case .roomsRead: "See rooms and who is in them."
        case .roomsWrite: "Make, enter and leave rooms, and bring people into them."
        case .roomsModerate: "Look after rooms: settings, roles, kicks, bans, mutes, reports, and what others wrote."
        case .messagesRead: "Read messages, and receive them as they come."
        case .messagesWrite: "Write messages, take one's own away, and mark them as read."
        case .peopleRead: "Look for people, and see who is there."
        }
    }
}

/// How far a sign-in reaches.
package enum Grant: Hashable, Sendable {
    /// Somebody signed in themselves: as far as their role.
    case person
    /// An access token: these scopes, within the role.
    case token(Set<Scope>)
}

extension Grant {
    /// As it is stored: `nil` for a person, else the scopes in the order of their names with spaces between (RFC 6749,
    /// section 3.3). A scope that is no longer known allows nothing.
    package init(stored: String?) {
        self =
            stored.map { .token(Set($0.split(separator: " ").compactMap { Scope(rawValue: String($0)) })) } ?? .person
    }

    package static func stored(_ scopes: Set<Scope>) -> String {
        scopes.map(\.rawValue).sorted().joined(separator: " ")
    }
}

/// Who may do something, as far as it depends on how they came in.
package enum Access: Hashable, Sendable {
    /// Nobody has to sign in.
    case everybody
    /// Whoever has signed in themselves, and a token that has the scope.
    case scope(Scope)
    /// Whoever has signed in themselves; no token.
    case person
}

extension Principal {
    package func has(_ scope: Scope) -> Bool {
        switch grant {
        case .person: true
        case .token(let scopes): scopes.contains(scope)
        }
    }

    /// - Throws: `scope_missing`.
    package func require(_ access: Access) throws(ChatError) {
        switch (access, grant) {
        case (.everybody, _), (_, .person): break
        case (.scope(let scope), _):
            guard has(scope) else { throw .scopeMissing(scope) }
        case (.person, .token):
            throw ChatError(.scopeMissing, "No access token may do this. Sign in yourself.")
        }
    }
}

extension ChatError {
    /// For the header `WWW-Authenticate` (RFC 6750, section 3.1).
    package var challenge: String {
        #"Bearer error="insufficient_scope""# + (scope.map { #", scope="\#($0.rawValue)""# } ?? "")
    }

    package static func scopeMissing(_ scope: Scope) -> ChatError {
        ChatError(.scopeMissing, "This access token has not the scope \(scope.rawValue).", scope: scope)
    }
}
