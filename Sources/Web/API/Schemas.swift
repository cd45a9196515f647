import Model

/// The objects of the API, by the name that the OpenAPI document gives them.
enum Schemas {
    static func all(_ limits: Limits) -> [String: Schema] {
        [
            "Person": .fields(["username": .anyString, "name": .anyString]),
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
            "Ticket": .fields(["ticket": .anyString, "expiresIn": .integer(min: 1)]),
            "Room": .fields([
                "slug": .anyString, "name": .anyString, "topic": .anyString,
                "kind": ["type": "string", "enum": .array(RoomKind.allCases.map { .string($0.rawValue) })],
                "isMember": .boolean, "epoch": .anyString, "lastSeq": .integer(min: 0),
                "readSeq": .integer(min: 0), "unread": .integer(min: 0),
                "members": Schema.list(of: .named("Person")).orNull,
            ]),
            "Message": .fields(
                [
                    "seq": .integer(min: 1), "sender": .named("Person"), "text": .anyString, "sentAt": .moment,
                    "clientId": Schema.anyString.orNull, "unreadable": .boolean,
                ], optional: ["unreadable"]),
            "History": .fields([
                "epoch": .anyString, "messages": .list(of: .named("Message")), "hasMore": .boolean,
            ]),
            "ReadPosition": .fields(["room": .anyString, "seq": .integer(min: 0)]),
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
        ].merging(ProfileEndpoints.schemas(limits)) { own, _ in own }
    }

    static let username: Schema = ["type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{1,31}$"]
    static let slug: Schema = ["type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$"]
}
