package import Model
import Storage

extension Chat {
    /// Takes a message's text away: one's own, or another's by those who look after the room. Done twice it is done once.
    /// - Throws: `room_not_found`, `message_not_found`, `not_allowed`.
    package func removeMessage(_ seq: Seq, in slug: String, by principal: Principal) async throws {
        try principal.require(.chat)
        try await stores.removals.remove(
            seq, in: slug, by: principal.user, mayModerate: principal.has(.roomsModerate)
        ) { [publish] entry, room in
            publish(.messageSent(entry, room: room))
        }
    }

    /// One message, of a room that the person is in.
    /// - Throws: `room_not_found`, `not_a_member`, `message_not_found`.
    package func message(_ seq: Seq, in slug: String, for principal: Principal) async throws -> Message {
        try principal.require(.chat)
        return try await hidingRooms(from: principal) {
            try await stores.removals.message(seq, in: slug, for: principal.user)
        }
    }
}
