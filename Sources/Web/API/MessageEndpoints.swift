import Chat
import Hummingbird
import Model
import Storage

enum MessageEndpoints {
    static func all(_ limits: Limits) -> [Endpoint] {
        [
            Endpoint(
                "listMessages", .get, "/api/rooms/{slug}/messages/",
                "A stretch of a room's history in ascending seq: the newest, or those next to a place",
                access: .scope(.messagesRead),
                query: [
                    .init(name: "before", summary: "The nearest ones older than this seq", schema: .integer(min: 0)),
                    .init(name: "after", summary: "The nearest ones newer than this seq", schema: .integer(min: 0)),
                    .init(
                        name: "limit", summary: "How many at most; 50 where not given",
                        schema: .integer(min: 1, max: limits.historyPageMax)),
                ], answer: .named("History"), refusals: [.roomNotFound, .notAMember], respond: history),
            Endpoint(
                "sendMessage", .post, "/api/rooms/{slug}/messages/",
                "Say something; with a clientId used before, find what was said then", access: .scope(.messagesWrite),
                body: .fields(
                    [
                        "text": .text(min: 1, max: limits.messageCharactersMax),
                        "clientId": Schema.text(min: 1, max: limits.clientIdCharactersMax).orNull,
                    ], optional: ["clientId"]),
                success: .created, answer: .named("Message"),
                refusals: [
                    .roomNotFound, .notAMember, .textEmpty, .textTooLong, .textRefused, .muted, .roomLocked,
                    .announcementsOnly, .slowMode, .tooManyRequests,
                ], respond: send),
            Endpoint(
                "removeMessage", .delete, "/api/rooms/{slug}/messages/{seq}/",
                "Take a message's text away: one's own, or another's by those who look after the room",
                access: .scope(.messagesWrite),
                refusals: [.roomNotFound, .messageNotFound, .notAllowed],
                perform: { call in
                    try await call.site.chat.removeMessage(call.seq, in: call.path("slug"), by: call.principal)
                }),
            Endpoint(
                "reportMessage", .post, "/api/rooms/{slug}/messages/{seq}/report/",
                "Tell those who look after the room what is wrong with a message; its author is not told",
                access: .scope(.messagesWrite),
                body: .fields(["reason": .text(min: 1, max: limits.reasonCharactersMax)]),
                refusals: [.roomNotFound, .notAMember, .messageNotFound, .tooManyRequests], perform: report),
            Endpoint(
                "markRead", .post, "/api/rooms/{slug}/read/", "Move my read position forward",
                access: .scope(.messagesWrite),
                body: .fields(["seq": .integer(min: 0)]), answer: .named("ReadPosition"),
                refusals: [.roomNotFound, .notAMember], respond: markRead),
        ]
    }

    /// `message` is taken for `text`, since a socket's frame calls it so.
    private struct NewMessageRequest: Decodable {
        let text: String
        let clientId: String?

        private enum CodingKeys: String, CodingKey {
            case text, message, clientId
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            text =
                try fields.decodeIfPresent(String.self, forKey: .message) ?? fields.decode(String.self, forKey: .text)
            clientId = try fields.decodeIfPresent(String.self, forKey: .clientId)
        }
    }

    private struct ReportRequest: Decodable {
        let reason: String
    }

    @Sendable private static func report(_ call: APICall) async throws {
        let body = try await call.body(ReportRequest.self)
        try await call.site.chat.report(call.seq, in: call.path("slug"), reason: body.reason, by: call.principal)
    }

    private struct ReadRequest: Decodable {
        let seq: Seq
    }

    private struct ReadAnswer: Encodable, Sendable {
        let room: String
        let seq: Seq
    }

    @Sendable private static func history(_ call: APICall) async throws -> HistoryPage {
        let seqs: ClosedRange<Int64> = 0...9_007_199_254_740_991
        let before = try call.number("before", in: seqs)
        let after = try call.number("after", in: seqs)
        let limit = try call.number("limit", in: 1...Int64(call.site.chat.limits.historyPageMax)) ?? 50
        let range: HistoryRange =
            switch (before, after) {
            case (nil, nil): .newest
            case (let before?, nil): .before(before)
            case (nil, let after?): .after(after)
            case (_?, _?):
                throw ChatError(.invalidField, "Give before or after, not both.", field: "after")
            }
        return try await call.site.chat.history(
            of: call.path("slug"), range, limit: Int(limit), for: call.principal)
    }

    @Sendable private static func send(_ call: APICall) async throws -> Message {
        let body = try await call.body(NewMessageRequest.self)
        return try await call.site.chat.sendMessage(
            to: call.path("slug"), text: body.text, clientId: body.clientId, from: call.principal
        ).message
    }

    @Sendable private static func markRead(_ call: APICall) async throws -> ReadAnswer {
        let body = try await call.body(ReadRequest.self)
        guard body.seq >= 0 else { throw ChatError(.invalidField, "seq is a whole number from 0.", field: "seq") }
        let position = try await call.site.chat.markRead(call.path("slug"), seq: body.seq, by: call.principal)
        return ReadAnswer(room: position.room.slug, seq: position.seq)
    }
}
