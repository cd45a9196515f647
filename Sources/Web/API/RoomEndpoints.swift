import Chat
import Hummingbird
import Model

enum RoomEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        let name = Schema.text(min: 1, max: limits.nameCharactersMax)
        return [
            Endpoint(
                "listRooms", .get, "/api/rooms/", "My rooms and the public ones", access: .scope(.roomsRead),
                answer: .fields(["rooms": .list(of: .named("Room"))]),
                respond: { call in RoomsAnswer(rooms: try await call.site.chat.rooms(for: call.principal)) }),
            Endpoint(
                "createRoom", .post, "/api/rooms/", "Make a room and be its first member", access: .scope(.roomsWrite),
                body: .fields(
                    [
                        "name": name, "topic": .text(max: limits.topicCharactersMax),
                        "kind": ["type": "string", "enum": ["public", "private"]], "slug": Schemas.slug,
                    ], optional: ["topic", "kind", "slug"]),
                success: .created, answer: .named("Room"), refusals: [.slugTaken, .notAllowed, .tooManyRequests],
                respond: create),
            Endpoint(
                "getRoom", .get, "/api/rooms/{slug}/", "One room", access: .scope(.roomsRead), answer: .named("Room"),
                refusals: [.roomNotFound],
                respond: { call in try await call.site.chat.room(call.path("slug"), for: call.principal) }),
            Endpoint(
                "joinRoom", .post, "/api/rooms/{slug}/join/", "Enter a public room", access: .scope(.roomsWrite),
                answer: .named("Room"), refusals: [.roomNotFound, .notAllowed, .directRoomFixed, .banned],
                respond: { call in try await call.site.chat.joinRoom(call.path("slug"), by: call.principal) }),
            Endpoint(
                "leaveRoom", .post, "/api/rooms/{slug}/leave/", "Leave a room", access: .scope(.roomsWrite),
                refusals: [.roomNotFound, .directRoomFixed],
                perform: { call in try await call.site.chat.leaveRoom(call.path("slug"), by: call.principal) }),
            Endpoint(
                "inviteToRoom", .post, "/api/rooms/{slug}/invite/", "Bring somebody into a room",
                access: .scope(.roomsWrite),
                body: .fields(["username": .anyString]), answer: .named("Person"),
                refusals: [
                    .roomNotFound, .notAMember, .notAllowed, .userNotFound, .directRoomFixed, .banned, .tooManyRequests,
                ],
                respond: invite),
            Endpoint(
                "listMembers", .get, "/api/rooms/{slug}/members/", "Who is in a room", access: .scope(.roomsRead),
                answer: .fields(["members": .list(of: .named("Member"))]), refusals: [.roomNotFound, .notAMember],
                respond: { call in
                    MembersAnswer(
                        members: try await call.site.chat.members(of: call.path("slug"), for: call.principal))
                }),
            Endpoint(
                "openDirectRoom", .post, "/api/direct/", "Open the conversation with one or more people",
                access: .scope(.roomsWrite),
                body: .fields(["usernames": ["type": "array", "items": .anyString, "minItems": 1]]),
                answer: .named("Room"), refusals: [.userNotFound, .notAllowed, .tooManyRequests], respond: openDirect),
        ]
    }

    private struct RoomsAnswer: Encodable, Sendable {
        let rooms: [RoomView]
    }

    private struct MembersAnswer: Encodable, Sendable {
        let members: [RoomMember]
    }

    private struct NewRoomRequest: Decodable {
        let name: String
        let topic: String?
        let kind: RoomKind?
        let slug: String?
    }

    private struct Invitation: Decodable {
        let username: String
    }

    private struct DirectRequest: Decodable {
        let usernames: [String]
    }

    @Sendable private static func create(_ call: APICall) async throws -> RoomView {
        let body = try await call.body(NewRoomRequest.self)
        return try await call.site.chat.createRoom(
            name: body.name, topic: body.topic ?? "", kind: body.kind ?? .public, slug: body.slug,
            by: call.principal)
    }

    @Sendable private static func invite(_ call: APICall) async throws -> Person {
        let body = try await call.body(Invitation.self)
        return try await call.site.chat.invite(body.username, to: call.path("slug"), by: call.principal)
    }

    @Sendable private static func openDirect(_ call: APICall) async throws -> RoomView {
        let body = try await call.body(DirectRequest.self)
        return try await call.site.chat.openDirectRoom(with: body.usernames, by: call.principal)
    }
}
