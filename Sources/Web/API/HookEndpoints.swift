import Chat
import HTTPTypes
import Hummingbird
import Model

/// Where other programs write into a room. The secret in the address is all that lets them in.
enum HookEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        [
            Endpoint(
                "writeByHook", .post, "/hooks/{id}/{token}/",
                "Write into the room of an incoming hook; with an Idempotency-Key used before, find what was written then",
                access: .everybody,
                body: .fields(
                    [
                        "text": .text(min: 1, max: limits.messageCharactersMax),
                        "content": .text(min: 1, max: limits.messageCharactersMax),
                        "username": .text(max: limits.nameCharactersMax),
                    ], optional: ["text", "content", "username"]),
                answer: .fields(["room": .anyString, "seq": .integer(min: 1)]),
                refusals: [.hookNotFound, .textEmpty, .textTooLong, .notAMember, .roomNotFound, .tooManyRequests],
                respond: write)
        ]
    }

    /// As Slack has it (`text`), and Discord (`content`). What else they have is not looked at.
    private struct HookMessage: Decodable {
        let text: String?
        let content: String?
        let username: String?
    }

    private struct Position: Encodable, Sendable {
        let room: String
        let seq: Seq
    }

    @Sendable private static func write(_ call: APICall) async throws -> Position {
        let body = try await call.body(HookMessage.self)
        guard let text = body.text ?? body.content else {
            throw ChatError(.missingField, "The field text is missing.", field: "text")
        }
        let sent = try await call.site.chat.write(
            text, username: body.username, clientId: call.request.headers[.idempotencyKey],
            byHook: IncomingHookID(rawValue: Int64(try call.path("id")) ?? 0), token: call.path("token"))
        return Position(room: sent.room.slug, seq: sent.message.seq)
    }
}
