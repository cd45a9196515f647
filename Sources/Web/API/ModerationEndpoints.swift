import Chat
import Hummingbird
import Model

/// Looking after rooms and people. Who may do what: docs/moderation.md.
enum ModerationEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        room(limits) + members(limits)
            + restrictions(.ban, "bans", "Ban", "Who is banned from a room", "Ban somebody, who is sent out", limits)
            + restrictions(.mute, "mutes", "Mute", "Who is muted in a room", "Mute somebody", limits)
            + people(limits)
    }

    private static func room(_ limits: Limits) -> [Endpoint] {
        [
            Endpoint(
                "changeRoom", .patch, "/api/rooms/{slug}/", "Change a room; what is not given stays",
                access: .scope(.roomsModerate),
                body: .fields(
                    [
                        "name": .text(min: 1, max: limits.nameCharactersMax),
                        "topic": .text(max: limits.topicCharactersMax),
                        "kind": ["type": "string", "enum": ["public", "private"]], "isAnnouncement": .boolean,
                        "slowSeconds": .integer(min: 0, max: Int(RoomPace.slowMax)), "isLocked": .boolean,
                    ], optional: ["name", "topic", "kind", "isAnnouncement", "slowSeconds", "isLocked"]),
                answer: .named("Room"), refusals: [.roomNotFound, .notAllowed], respond: change)
        ]
    }

    private static func members(_ limits: Limits) -> [Endpoint] {
        [
            Endpoint(
                "setRoomRole", .put, "/api/rooms/{slug}/members/{username}/role/",
                "Make a moderator, or a member again; as owner, hand the room over", access: .scope(.roomsModerate),
                body: .fields(["role": Schemas.roomRole]), refusals: [.roomNotFound, .notAllowed, .userNotFound],
                perform: { call in
                    let body = try await call.body(RoleRequest.self)
                    try await call.site.chat.setRoomRole(
                        body.role, of: call.path("username"), in: call.path("slug"), by: call.principal)
                }),
            Endpoint(
                "kick", .post, "/api/rooms/{slug}/members/{username}/kick/", "Send somebody out; they may come back",
                access: .scope(.roomsModerate),
                body: .fields(["reason": .text(max: limits.reasonCharactersMax)], optional: ["reason"]),
                refusals: [.roomNotFound, .notAllowed, .userNotFound],
                perform: { call in
                    let body = try await call.body(RestrictionRequest.self)
                    try await call.site.chat.kick(
                        call.path("username"), from: call.path("slug"), reason: body.reason ?? "", by: call.principal)
                }),
        ]
    }

    private static func restrictions(
        _ kind: Restriction.Kind, _ path: String, _ name: String, _ listing: String, _ summary: String,
        _ limits: Limits
    ) -> [Endpoint] {
        [
            Endpoint(
                "list\(name)s", .get, "/api/rooms/{slug}/\(path)/", listing, access: .scope(.roomsModerate),
                answer: .fields([path: .list(of: .named("RestrictedPerson"))]), refusals: [.roomNotFound, .notAllowed],
                respond: { call in
                    [path: try await call.site.chat.restrictions(kind, in: call.path("slug"), for: call.principal)]
                }),
            Endpoint(
                path.dropLast() + "Person", .put, "/api/rooms/{slug}/\(path)/{username}/",
                "\(summary): for so many seconds, or until it is lifted", access: .scope(.roomsModerate),
                body: restriction(limits),
                refusals: [.roomNotFound, .notAllowed, .userNotFound],
                perform: { call in
                    let body = try await call.body(RestrictionRequest.self)
                    try await call.site.chat.restrict(
                        call.path("username"), in: call.path("slug"), kind, lasting: body.time,
                        reason: body.reason ?? "", by: call.principal)
                }),
            Endpoint(
                "lift\(name)", .delete, "/api/rooms/{slug}/\(path)/{username}/", "Lift it",
                access: .scope(.roomsModerate),
                refusals: [.roomNotFound, .notAllowed, .userNotFound],
                perform: { call in
                    try await call.site.chat.lift(
                        kind, of: call.path("username"), in: call.path("slug"), by: call.principal)
                }),
        ]
    }

    private static func people(_ limits: Limits) -> [Endpoint] {
        [
            Endpoint(
                "suspendUser", .put, "/api/users/{username}/suspension/",
                "Keep somebody out of the server for so many seconds", access: .person,
                body: .fields(
                    ["seconds": time, "reason": .text(max: limits.reasonCharactersMax)], optional: ["reason"]),
                refusals: [.notAllowed, .userNotFound, .lastAdmin],
                perform: { call in
                    let body = try await call.body(RestrictionRequest.self)
                    guard let time = body.time else {
                        throw ChatError(.missingField, "The field seconds is missing.", field: "seconds")
                    }
                    _ = try await call.site.chat.suspend(
                        call.path("username"), lasting: time, reason: body.reason ?? "", by: .person(call.principal))
                }),
            Endpoint(
                "unsuspendUser", .delete, "/api/users/{username}/suspension/", "Let somebody in again", access: .person,
                refusals: [.notAllowed, .userNotFound],
                perform: { call in
                    _ = try await call.site.chat.suspend(
                        call.path("username"), lasting: nil, by: .person(call.principal))
                }),
        ]
    }

    private static let time = Schema.integer(min: 1, max: 315_360_000)

    private static func restriction(_ limits: Limits) -> Schema {
        .fields(
            ["seconds": time.orNull, "reason": .text(max: limits.reasonCharactersMax)],
            optional: ["seconds", "reason"])
    }

    private struct RoleRequest: Decodable {
        let role: RoomRole
    }

    private struct RestrictionRequest: Decodable {
        let seconds: Int64?
        let reason: String?

        var time: Seconds? { seconds.map { Seconds($0) } }
    }

    private struct ChangeRequest: Decodable {
        let name: String?
        let topic: String?
        let kind: RoomKind?
        let isAnnouncement: Bool?
        let slowSeconds: Int64?
        let isLocked: Bool?
    }

    @Sendable private static func change(_ call: APICall) async throws -> RoomView {
        let body = try await call.body(ChangeRequest.self)
        var change = RoomChange()
        (change.name, change.topic, change.kind) = (body.name, body.topic, body.kind)
        (change.isAnnouncement, change.isLocked) = (body.isAnnouncement, body.isLocked)
        change.slow = body.slowSeconds.map { Seconds($0) }
        return try await call.site.chat.changeRoom(call.path("slug"), change, by: call.principal)
    }
}
