/// Something that somebody may not do for a while, or until it is lifted.
package struct Restriction: Hashable, Sendable {
    /// `nil`: until somebody lifts it.
    package let until: Timestamp?

    package init(until: Timestamp?) { self.until = until }

    package enum Kind: String, Sendable, CaseIterable {
        /// Out of the room, and not let in.
        case ban
        /// In the room, and silent.
        case mute
    }

    package func holds(at moment: Timestamp) -> Bool { until.map { moment < $0 } ?? true }

    /// The end of a sentence: "until 2026-01-02 03:04 UTC".
    package var words: String {
        guard let until else { return "until a moderator changes that" }
        // The minute that has begun is over at the end of it.
        let text = (until + Seconds(59)).iso8601
        return "until \(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}

extension Restriction: Encodable {
    private enum CodingKeys: String, CodingKey {
        case until
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        // Written also when nil: `null` is "until it is lifted".
        try container.encode(until, forKey: .until)
    }
}

/// Who is restricted in a room, for those who look after it.
package struct RestrictedPerson: Sendable, Encodable {
    package let person: Person
    package let restriction: Restriction
    package let reason: String
    /// The username of who did it; `nil` where that account is gone.
    package let by: String?

    package init(person: Person, restriction: Restriction, reason: String, by: String?) {
        self.person = person
        self.restriction = restriction
        self.reason = reason
        self.by = by
    }

    private enum CodingKeys: String, CodingKey {
        case user, until, reason, by
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(person, forKey: .user)
        try container.encode(restriction.until, forKey: .until)
        try container.encode(reason, forKey: .reason)
        try container.encode(by, forKey: .by)
    }
}
