import Foundation
import Model

/// What a hook is sent: one event as JSON (Standard Webhooks 1.0, "Payload structure").
struct WebhookBody: Encodable {
    struct Content: Encodable {
        let room: Room
        let message: Message
    }

    struct Room: Encodable {
        let slug: String
        let name: String
    }

    let type = "message.created"
    /// When it was written.
    let timestamp: Timestamp
    let data: Content

    init(room: Room, message: Message) {
        timestamp = message.sentAt
        data = Content(room: room, message: message)
    }

    var json: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Every value in it is a string, a whole number, a boolean or an object of these.
        guard let json = try? encoder.encode(self) else { preconditionFailure("an event that is not JSON") }
        return json
    }
}
