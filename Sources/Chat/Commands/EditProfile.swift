import Auth
package import Model
import Storage

/// What people say of themselves.
extension Chat {
    /// Changes one's own name, bio, time zone or language; what is not named stays. Open pages are told.
    /// - Throws: `invalid_field` with the field `name`, `bio` or `timeZone`; `too_many_requests`.
    package func editProfile(
        name: String? = nil, bio: String? = nil, timeZone: String? = nil, language: Language? = nil,
        by principal: Principal
    ) async throws {
        var change = ProfileChange()
        change.name = try name.map { try Rules.name($0, field: "name", limits: limits) }
        change.bio = try bio.map { try Rules.bio($0, limits: limits) }
        if let timeZone, !timeZone.isEmpty, !TimeZones.isKnown(timeZone) {
            throw ChatError(
                .invalidField, "Choose a time zone of the list, such as Europe/Berlin.", field: "timeZone")
        }
        change.timeZone = timeZone
        change.language = language
        try await apply(change, by: principal)
    }

    /// Says what one is up to, for everybody to see; nothing where emoji and text are both empty.
    /// - Parameter seconds: how long it holds, a minute to a year; `nil` for as long as it is not changed.
    /// - Throws: `invalid_field` with the field `emoji`, `status` or `seconds`; `too_many_requests`.
    package func setStatus(emoji: String, text: String, seconds: Int64?, by principal: Principal) async throws {
        let status = try Rules.status(emoji: emoji, text: text, seconds: seconds, now: .now, limits: limits)
        var change = ProfileChange()
        change.status = status.map { .set($0) } ?? .clear
        try await apply(change, by: principal)
    }

    private func apply(_ change: ProfileChange, by principal: Principal) async throws {
        try profileRate.take(principal.user)
        let user = principal.user
        try await stores.profiles.change(change, of: user) { [publish] person, profile, rooms in
            let change = PersonChange(
                user: user, username: person.username, person: person, status: profile.status)
            publish(.personChanged(change, rooms: rooms))
        }
    }
}
