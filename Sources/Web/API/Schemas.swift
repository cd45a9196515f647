import Model

/// The objects of the API, by the name that the OpenAPI document gives them.
enum Schemas {
    static func all(_ limits: Limits) -> [String: Schema] {
        [
            "Person": .fields(
                ["username": .anyString, "name": .anyString, "isBot": .boolean], optional: ["isBot"]),
            "Restriction": .fields(["until": Schema.moment.orNull]),
            "Member": .fields(
                [
                    "username": .anyString, "name": .anyString, "isBot": .boolean, "role": roomRole,
                    "muted": Schema.named("Restriction").orNull,
                ], optional: ["isBot"]),
            "RestrictedPerson": .fields([
                "user": .named("Person"), "until": Schema.moment.orNull, "reason": .anyString,
                "by": Schema.anyString.orNull,
            ]),
            "Report": .fields([
                "id": .integer(min: 1), "room": .anyString, "reporter": .named("Person"), "reason": .anyString,
                "createdAt": .moment, "closedBy": Schema.anyString.orNull, "message": .named("Message"),
                "state": reportState,
            ]),
            "User": .fields([
                "id": .integer(min: 1), "username": .anyString, "name": .anyString,
                "role": ["type": "string", "enum": .array(Role.allCases.map { .string($0.rawValue) })],
            ]),
            "TokenPair": .fields([
                "access": .anyString, "refresh": .anyString, "expiresIn": .integer(min: 1), "user": .named("User"),
            ]),
            "RefreshedTokenPair": .fields([
                "access": .anyString, "refresh": .anyString, "expiresIn": .integer(min: 1),
            ]),
            "Email": .fields([
                "email": Schema.anyString.orNull, "pending": Schema.anyString.orNull,
                "codeExpiresAt": Schema.moment.orNull, "isNeeded": .boolean,
            ]),
            "Ticket": .fields(["ticket": .anyString, "expiresIn": .integer(min: 1)]),
            "Room": .fields([
                "slug": .anyString, "name": .anyString, "topic": .anyString,
                "kind": ["type": "string", "enum": .array(RoomKind.allCases.map { .string($0.rawValue) })],
                "isMember": .boolean, "epoch": .anyString, "lastSeq": .integer(min: 0),
                "readSeq": .integer(min: 0), "unread": .integer(min: 0),
                "members": Schema.list(of: .named("Person")).orNull,
                "slowSeconds": .integer(min: 0), "isLocked": .boolean, "isAnnouncement": .boolean,
                "role": roomRole.orNull,
                "permissions": .list(of: [
                    "type": "string", "enum": .array(RoomPermission.allCases.map { .string($0.rawValue) }),
                ]),
                "muted": Schema.named("Restriction").orNull, "banned": Schema.named("Restriction").orNull,
            ]),
            "Message": .fields(
                [
                    "seq": .integer(min: 1), "sender": .named("Person"), "text": .anyString, "sentAt": .moment,
                    "clientId": Schema.anyString.orNull, "unreadable": .boolean,
                    "removed": ["type": "string", "enum": ["author", "moderator"]], "removes": .integer(min: 1),
                ], optional: ["unreadable", "removed", "removes"]),
            "History": .fields([
                "epoch": .anyString, "messages": .list(of: .named("Message")), "hasMore": .boolean,
            ]),
            "ReadPosition": .fields(["room": .anyString, "seq": .integer(min: 0)]),
            "Session": .fields(
                [
                    "id": .integer(min: 1), "kind": ["type": "string", "enum": ["browser", "api"]],
                    "device": .anyString,
                    "createdAt": .moment, "lastUsedAt": .moment, "address": Schema.anyString.orNull,
                    "isCurrent": .boolean,
                ], optional: ["address"]),
            "PersonalToken": .fields(
                [
                    "id": .integer(min: 1), "name": .anyString, "scopes": .list(of: scope), "createdAt": .moment,
                    "expiresAt": .moment, "lastUsedAt": .moment, "address": .anyString,
                ], optional: ["lastUsedAt", "address"]),
            "SecondFactor": .fields(["isOn": .boolean, "recoveryCodesLeft": .integer(min: 0)]),
            "Health": .fields([
                "status": ["type": "string", "enum": ["ok", "starting", "failing"]], "version": .anyString,
                "uptime": .integer(min: 0), "database": .anyString,
            ]),
            "Problem": .fields(
                [
                    "type": .anyString, "title": .anyString, "status": .integer(min: 400, max: 599),
                    "code": ["type": "string", "enum": .array(ChatError.Code.allCases.map { .string($0.rawValue) })],
                    "detail": .anyString, "field": .anyString,
                ], optional: ["field"]),
        ].merging(PersonEndpoints.schemas(limits)) { own, _ in own }
    }

    static let scope: Schema = ["type": "string", "enum": .array(Scope.allCases.map { .string($0.rawValue) })]
    static let username: Schema = ["type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{1,31}$"]
    static let email: Schema = .text(min: 3, max: 320)
    static let roomRole: Schema = ["type": "string", "enum": .array(RoomRole.allCases.map { .string($0.rawValue) })]
    static let reportState: Schema = [
        "type": "string", "enum": .array(Report.State.allCases.map { .string($0.rawValue) }),
    ]
    static let slug: Schema = ["type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$"]
}
