import Auth
package import Model
import Storage

extension Chat {
    /// Makes a room, with its maker as the first member.
    ///
    /// - Parameters:
    ///   - slug: the room's address part; made from the name where none is given.
    ///   - creator: `nil` when the operator makes it from the command line.
    /// - Throws: `invalid_field` with the field, `slug_taken`, `not_allowed`, `too_many_requests`.
    package func createRoom(
        name: String, topic: String = "", kind: RoomKind = .public, slug: String? = nil, by creator: Principal?
    ) async throws -> RoomView {
        try creator?.require(.createRooms)
        let name = try Rules.name(name, field: "name", limits: limits)
        guard kind != .direct else {
            throw ChatError(
                .invalidField, "A room is public or private; direct rooms are opened with people.", field: "kind")
        }
        let room = NewRoom(
            name: name, topic: try Rules.topic(topic, limits: limits), kind: kind,
            slug: try slug.map { .exactly(try Rules.slug($0)) } ?? .like(Rules.slug(fromName: name)))
        if let creator { try roomRate.take(creator.user) }
        return try await stores.rooms.create(room, by: creator?.user) { [publish] view in
            if let creator { publish(.roomJoined(creator.user, view)) }
        }
    }
}
