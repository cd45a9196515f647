/// The number of a person's account. Never reused, also after the account is deleted.
package struct UserID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of a room. Never leaves the server: people and programs name a room by its slug.
package struct RoomID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of one sign-in: a browser's session, or an API client's family of refresh tokens.
package struct SessionID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of a mail that was to be sent.
package struct MailID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of a passkey of somebody's.
package struct PasskeyID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of what a provider says of somebody, in their account here.
package struct IdentityID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of a key in the message key ring, starting at 1.
package struct KeyID: RawRepresentable, Hashable, Sendable, Comparable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }

    package static func < (left: KeyID, right: KeyID) -> Bool { left.rawValue < right.rawValue }
}

/// A message's place in its room: 1 for the first, then rising by exactly 1.
package typealias Seq = Int64
