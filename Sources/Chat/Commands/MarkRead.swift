package import Model
package import Storage

extension Chat {
    /// Moves a person's read position forward.
    ///
    /// - Parameter completion: called once, after the commit. Errors: `room_not_found`, `not_a_member`,
    ///   `storage_unavailable`.
    package func markRead(
        _ room: String, seq: Seq, by principal: Principal,
        completion: @escaping @Sendable (Result<ReadPosition, ChatError>) -> Void
    ) {
        stores.messages.markRead(room, seq: seq, user: principal.user) { [publish] moved in
            let result = Self.hidingRooms(from: principal, moved)
            if case .success(let position) = result, position.hasMoved {
                publish(.readMoved(principal.user, room: position.room, seq: position.seq))
            }
            completion(result)
        }
    }

    /// The same for callers that wait.
    package func markRead(_ room: String, seq: Seq, by principal: Principal) async throws -> ReadPosition {
        try await withCheckedThrowingContinuation { continuation in
            markRead(room, seq: seq, by: principal) { continuation.resume(with: $0) }
        }
    }
}
