package import Model
import Storage

/// What those who look after a room do with it and with the people in it. Who may do what is decided where it is stored
/// (`RoomStanding`). All throw `room_not_found` and `not_allowed`.
extension Chat {
    /// - Parameter wanted: as it was typed.
    /// - Throws: `invalid_field` with the field.
    package func changeRoom(_ slug: String, _ wanted: RoomChange, by principal: Principal) async throws -> RoomView {
        try principal.require(.chat)
        var change = wanted
        change.name = try wanted.name.map { try Rules.name($0, field: "name", limits: limits) }
        change.topic = try wanted.topic.map { try Rules.topic($0, limits: limits) }
        guard wanted.kind != .direct else {
            throw ChatError(.invalidField, "A room is public or private.", field: "kind")
        }
        if let slow = wanted.slow, !(0...RoomPace.slowMax).contains(slow.count) {
            throw ChatError(
                .invalidField, "Slow mode waits 0 to \(RoomPace.slowMax) seconds.", field: "slowSeconds")
        }
        return try await stores.moderation.change(slug, change, by: principal.user) { [publish] room, head in
            publish(.roomChanged(room, head))
        }
    }

    /// Makes a moderator, or a member again; as `owner`, hands the room over.
    /// - Throws: `user_not_found`.
    package func setRoomRole(
        _ role: RoomRole, of username: String, in slug: String, by principal: Principal
    ) async throws {
        try principal.require(.chat)
        try await stores.moderation.setRole(role, of: username, in: slug, by: principal.user) {
            [publish] room, places in
            for (user, place) in places { publish(.placeChanged(user, room: room, place)) }
        }
    }

    /// Sends somebody out. They may come back.
    /// - Throws: `user_not_found`, `invalid_field`.
    package func kick(
        _ username: String, from slug: String, reason: String, by principal: Principal
    ) async throws {
        try principal.require(.chat)
        let reason = try Rules.reason(reason, limits: limits)
        try await stores.moderation.kick(username, from: slug, reason: reason, by: principal.user) { [self] in
            tell($0, exit: .kicked)
        }
    }

    /// Bans or mutes somebody in a room.
    /// - Parameter lasting: 1 second to ten years; `nil` until it is lifted.
    /// - Throws: `user_not_found`, `invalid_field`.
    package func restrict(
        _ username: String, in slug: String, _ kind: Restriction.Kind, lasting: Seconds?, reason: String,
        by principal: Principal
    ) async throws {
        try principal.require(.chat)
        let reason = try Rules.reason(reason, limits: limits)
        let restriction = Restriction(until: try lasting.map { .now + (try Self.checked($0)) })
        try await stores.moderation.restrict(
            username, in: slug, kind, restriction, reason: reason, by: principal.user
        ) { [self] in
            tell($0, exit: .banned(restriction))
        }
    }

    /// - Throws: `user_not_found`, for somebody who is not banned or muted.
    package func lift(
        _ kind: Restriction.Kind, of username: String, in slug: String, by principal: Principal
    ) async throws {
        try principal.require(.chat)
        try await stores.moderation.lift(kind, of: username, in: slug, by: principal.user) { [self] in
            tell($0, exit: .choice)
        }
    }

    package func restrictions(
        _ kind: Restriction.Kind, in slug: String, for principal: Principal
    ) async throws -> [RestrictedPerson] {
        try principal.require(.chat)
        return try await stores.moderation.restrictions(kind, in: slug, for: principal.user)
    }

    /// All rooms that somebody who looks after the server may know of.
    package func allRooms(for principal: Principal) async throws -> [RoomSummary] {
        try principal.require(.moderate)
        return try await stores.moderation.rooms(for: principal.user)
    }

    /// Tells those whom it concerns what became of somebody's place in a room.
    func tell(_ removed: Removed, exit: RoomExit) {
        if let place = removed.place {
            publish(.placeChanged(removed.user, room: removed.room, place))
        } else if removed.wasMember {
            publish(.roomLeft(removed.user, room: removed.room, exit: exit))
        }
        if let heir = removed.heir { publish(.placeChanged(heir.user, room: removed.room, heir.place)) }
    }

    /// - Throws: `invalid_field`.
    static func checked(_ time: Seconds) throws -> Seconds {
        guard (1...315_360_000).contains(time.count) else {
            throw ChatError(.invalidField, "This lasts 1 second to ten years.", field: "seconds")
        }
        return time
    }
}
