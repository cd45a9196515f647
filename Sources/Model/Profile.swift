/// What people say of themselves besides their names. Everybody who may see them sees it, but for the language.
package struct Profile: Hashable, Sendable {
    /// A few lines about themselves; empty for none.
    package var bio: String
    /// `nil` for none, and once its end has come.
    package var status: PersonStatus?
    /// The name of a time zone in the IANA database, such as `Europe/Berlin`; `nil` where they did not say.
    package var timeZone: String?
    package var language: Language

    package init(
        bio: String = "", status: PersonStatus? = nil, timeZone: String? = nil, language: Language = .english
    ) {
        self.bio = bio
        self.status = status
        self.timeZone = timeZone
        self.language = language
    }
}

/// What somebody is up to just now, in a few words.
package struct PersonStatus: Hashable, Sendable, Encodable {
    /// One emoji.
    package let emoji: String?
    /// May be empty where there is an emoji.
    package let text: String
    /// From when on it is over; `nil` where it stays.
    package let until: Timestamp?

    package init(emoji: String?, text: String, until: Timestamp?) {
        self.emoji = emoji
        self.text = text
        self.until = until
    }

    package func isOver(at moment: Timestamp) -> Bool { until.map { $0 <= moment } ?? false }

    private enum CodingKeys: String, CodingKey { case emoji, text, until }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(emoji, forKey: .emoji)
        try container.encode(text, forKey: .text)
        try container.encode(until, forKey: .until)
    }
}

/// A language that the pages are written in, by its tag (BCP 47).
package enum Language: String, Codable, CaseIterable, Sendable {
    case english = "en"

    /// In itself.
    package var name: String {
        switch self {
        case .english: "English"
        }
    }
}

/// What is to be changed; `nil` stays as it is.
package struct ProfileChange: Sendable {
    package var name: String?
    package var bio: String?
    /// Empty for none.
    package var timeZone: String?
    package var language: Language?
    package var status: StatusChange?

    package enum StatusChange: Sendable {
        case set(PersonStatus)
        case clear
    }

    package init() {}
}

/// Somebody as somebody else sees them.
package struct PersonView: Sendable {
    package let user: User
    package let profile: Profile
    /// The rooms that both are in, but for those between people.
    package let sharedRooms: [RoomView]
    /// Whether whoever looks may write to them.
    package let canBeWrittenTo: Bool
    /// Whether whoever looks may keep them out of the server for a while.
    package let canBeSuspended: Bool

    package init(
        user: User, profile: Profile, sharedRooms: [RoomView], canBeWrittenTo: Bool, canBeSuspended: Bool
    ) {
        self.user = user
        self.profile = profile
        self.sharedRooms = sharedRooms
        self.canBeWrittenTo = canBeWrittenTo
        self.canBeSuspended = canBeSuspended
    }
}
