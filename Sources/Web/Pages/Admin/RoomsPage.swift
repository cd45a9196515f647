import Chat
import Hummingbird
import Model

extension Site {
    func showAllRooms(_ call: PageCall) async throws -> Response {
        let rooms = try await chat.allRooms(for: call.principal)
        let mine = Set(try await chat.rooms(for: call.principal).filter(\.isMember).map(\.slug))
        let values: [String: Any] = [
            "count": rooms.count,
            "rooms": rooms.map { room in
                [
                    "slug": room.slug, "name": room.name, "isPrivate": room.kind == .private,
                    "members": room.members, "messages": room.messages, "owner": room.owner ?? "nobody",
                    "isLocked": room.pace.isLocked, "isAnnouncement": room.pace.isAnnouncement,
                    "slow": room.pace.slow.count, "isSlow": room.pace.slow.count > 0,
                    "isOpen": room.kind == .public || mine.contains(room.slug),
                ] as [String: Any]
            },
        ]
        return try adminPage("rooms", "Rooms", values, call)
    }
}
