package import Model
import Storage

extension Chat {
    /// The rooms that a person is in, and the public ones that they may join.
    package func rooms(for principal: Principal) async throws -> [RoomView] {
        let mayJoin = principal.role.permissions.contains(.joinRooms)
        return try await stores.rooms.rooms(for: principal.user).filter { mayJoin || $0.isMember }
    }

    /// - Throws: `room_not_found`.
    package func room(_ slug: String, for principal: Principal) async throws -> RoomView {
        let room = try await stores.rooms.room(slug, for: principal.user)
        guard room.isMember || principal.role.permissions.contains(.joinRooms) else { throw ChatError.roomNotFound }
        return room
    }

    /// - Throws: `room_not_found`, `not_a_member`.
    package func members(of slug: String, for principal: Principal) async throws -> [RoomMember] {
        try await hidingRooms(from: principal) { try await stores.rooms.members(of: slug, for: principal.user) }
    }

    /// Whoever may not join rooms is not told either which ones there are.
    func hidingRooms<Value>(from principal: Principal, _ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as ChatError where error.code == .notAMember {
            throw principal.role.permissions.contains(.joinRooms) ? error : ChatError.roomNotFound
        }
    }

    static func hidingRooms<Value>(
        from principal: Principal, _ result: Result<Value, ChatError>
    ) -> Result<Value, ChatError> {
        guard case .failure(let error) = result, error.code == .notAMember,
            !principal.role.permissions.contains(.joinRooms)
        else { return result }
        return .failure(.roomNotFound)
    }

    /// The rooms whose events a person receives.
    package func memberships(of principal: Principal) async throws -> [RoomRef] {
        try await stores.rooms.memberships(of: principal.user)
    }

    /// All rooms but the direct ones, for the operator.
    package func allRooms() async throws -> [RoomSummary] {
        try await stores.rooms.allRooms()
    }
}
