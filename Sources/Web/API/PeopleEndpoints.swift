import Chat
import Hummingbird
import Model

enum PeopleEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        [
            Endpoint(
                "findPeople", .get, "/api/users/", "People whose username or name starts with a text, at most 20",
                access: .scope(.peopleRead),
                query: [.init(name: "q", summary: "The text", schema: .text(max: limits.nameCharactersMax))],
                answer: .fields(["users": .list(of: .named("Person"))]), refusals: [.notAllowed, .tooManyRequests],
                respond: { call in
                    PeopleAnswer(
                        users: try await call.site.chat.people(matching: call.query("q") ?? "", for: call.principal))
                }),
            Endpoint(
                "listOnline", .get, "/api/presence/", "Who is there just now, among the people of my smaller rooms",
                access: .scope(.peopleRead),
                answer: .fields(["online": .list(of: .anyString)]),
                respond: { call in
                    let (chat, isOnline) = (call.site.chat, call.site.isOnline)
                    return PresenceAnswer(online: try await chat.online(around: call.principal, isOnline: isOnline))
                }),
        ]
    }

    private struct PresenceAnswer: Encodable, Sendable {
        let online: [String]
    }

    private struct PeopleAnswer: Encodable, Sendable {
        let users: [Person]
    }
}
