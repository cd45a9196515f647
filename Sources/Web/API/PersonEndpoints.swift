import Chat
import Hummingbird
import Model

/// What people say of themselves, and one's own data.
enum PersonEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        [
            Endpoint(
                "getProfileDetails", .get, "/api/profile/details/", "What others see of me",
                access: .scope(.accountRead), answer: .named("Profile"),
                respond: { try await own($0) }),
            Endpoint(
                "editProfileDetails", .patch, "/api/profile/details/",
                "Change my name, bio, time zone or status; what is missing stays", access: .scope(.accountWrite),
                body: .fields(
                    [
                        "name": .text(min: 1, max: limits.nameCharactersMax),
                        "bio": .text(max: limits.bioCharactersMax),
                        "timeZone": .anyString, "status": newStatus(limits).orNull,
                    ], optional: ["name", "bio", "timeZone", "status"]),
                answer: .named("Profile"), refusals: [.tooManyRequests],
                respond: { call in
                    let edit = try await call.body(ProfileEdit.self)
                    try await edit.apply(call.site.chat, by: call.principal)
                    return try await own(call)
                }),
            Endpoint(
                "getPerson", .get, "/api/users/{username}/", "Somebody whom I may look for, or share a room with",
                access: .scope(.peopleRead),
                answer: .named("PersonDetails"), refusals: [.userNotFound, .tooManyRequests],
                respond: { call in
                    PersonAnswer(try await call.site.chat.person(call.path("username"), for: call.principal))
                }),
            Endpoint(
                "exportData", .post, "/api/profile/export/", "Everything that the server has about me (docs/export.md)",
                access: .person, body: .fields(["password": .text(max: limits.passwordBytesMax)]), success: .ok,
                answer: ["type": "object"], refusals: [.signInAgain, .tooManyRequests],
                response: { call in
                    let body = try await call.body(Confirmation.self)
                    try await call.site.chat.beginExport(
                        password: body.password, by: call.principal, client: call.client)
                    return call.site.exportResponse(for: try call.principal)
                }),
            Endpoint(
                "deleteAccount", .post, "/api/profile/delete/", "Delete my account, for good", access: .person,
                body: .fields(
                    ["password": .text(max: limits.passwordBytesMax), "code": .text(max: 64)], optional: ["code"]),
                refusals: [.signInAgain, .codeRequired, .codeWrong, .lastAdmin, .tooManyRequests],
                perform: { call in
                    let body = try await call.body(Confirmation.self)
                    try await call.site.chat.deleteAccount(
                        password: body.password, code: body.code ?? "", by: call.principal, client: call.client)
                }),
        ]
    }

    static func schemas(_ limits: Limits) -> [String: Schema] {
        let status: Schema = .fields([
            "emoji": Schema.anyString.orNull, "text": .anyString, "until": Schema.moment.orNull,
        ])
        return [
            "Profile": .fields([
                "username": .anyString, "name": .anyString, "bio": .anyString, "status": status.orNull,
                "timeZone": Schema.anyString.orNull, "language": .anyString,
            ]),
            "PersonDetails": .fields([
                "username": .anyString, "name": .anyString, "bio": .anyString, "status": status.orNull,
                "timeZone": Schema.anyString.orNull, "since": .moment, "isDisabled": .boolean,
                "sharedRooms": .list(of: .anyString),
            ]),
        ]
    }

    private static func newStatus(_ limits: Limits) -> Schema {
        .fields(
            [
                "emoji": .anyString, "text": .text(max: limits.statusCharactersMax),
                "seconds": Schema.integer(min: 60, max: 31_536_000).orNull,
            ], optional: ["emoji", "text", "seconds"])
    }

    @Sendable private static func own(_ call: APICall) async throws -> ProfileAnswer {
        let principal = try call.principal
        let view = try await call.site.chat.person(principal.username, for: principal)
        return ProfileAnswer(view.user, view.profile)
    }

    private struct Confirmation: Decodable {
        let password: String
        let code: String?
    }

    private struct ProfileEdit: Decodable {
        let name: String?
        let bio: String?
        let timeZone: String?
        /// Present and `nil` takes the status away.
        let status: NewStatus??

        struct NewStatus: Decodable {
            let emoji: String?
            let text: String?
            let seconds: Int64?
        }

        private enum CodingKeys: String, CodingKey { case name, bio, timeZone, status }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decodeIfPresent(String.self, forKey: .name)
            bio = try container.decodeIfPresent(String.self, forKey: .bio)
            timeZone = try container.decodeIfPresent(String.self, forKey: .timeZone)
            status =
                container.contains(.status)
                ? .some(try container.decodeIfPresent(NewStatus.self, forKey: .status)) : .none
        }

        func apply(_ chat: Chat, by principal: Principal) async throws {
            if name != nil || bio != nil || timeZone != nil {
                try await chat.editProfile(name: name, bio: bio, timeZone: timeZone, by: principal)
            }
            if let status {
                try await chat.setStatus(
                    emoji: status?.emoji ?? "", text: status?.text ?? "", seconds: status?.seconds, by: principal)
            }
        }
    }
}

/// One's own profile, as the API and the export have it.
struct ProfileAnswer: Encodable, Sendable {
    let username: String
    let name: String
    let bio: String
    let status: PersonStatus?
    let timeZone: String?
    let language: String

    init(_ user: User, _ profile: Profile) {
        (username, name, bio) = (user.username, user.name, profile.bio)
        (status, timeZone, language) = (profile.status, profile.timeZone, profile.language.rawValue)
    }

    private enum CodingKeys: String, CodingKey { case username, name, bio, status, timeZone, language }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(username, forKey: .username)
        try container.encode(name, forKey: .name)
        try container.encode(bio, forKey: .bio)
        try container.encode(status, forKey: .status)
        try container.encode(timeZone, forKey: .timeZone)
        try container.encode(language, forKey: .language)
    }
}

private struct PersonAnswer: Encodable, Sendable {
    let view: PersonView

    init(_ view: PersonView) { self.view = view }

    private enum CodingKeys: String, CodingKey {
        case username, name, bio, status, timeZone, since, isDisabled, sharedRooms
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(view.user.username, forKey: .username)
        try container.encode(view.user.name, forKey: .name)
        try container.encode(view.profile.bio, forKey: .bio)
        try container.encode(view.profile.status, forKey: .status)
        try container.encode(view.profile.timeZone, forKey: .timeZone)
        try container.encode(view.user.createdAt, forKey: .since)
        try container.encode(view.user.isDisabled, forKey: .isDisabled)
        try container.encode(view.sharedRooms.map(\.slug), forKey: .sharedRooms)
    }
}
