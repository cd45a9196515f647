import Auth
import Model
import Storage

extension Chat {
    /// Creates the demo people and rooms that are not there yet. Running it again changes nothing.
    /// - Parameter progress: told of each thing that was made.
    package func seedDemoData(progress: @Sendable (String) -> Void) async throws {
        for person in DemoData.people where try await stores.users.user(named: person.username) == nil {
            _ = try await authenticator.register(
                username: person.username, name: person.name, password: person.password, role: person.role)
            progress("person \(person.username)")
        }
        let existing = Set(try await stores.rooms.allRooms().map(\.slug))
        for room in DemoData.rooms where !existing.contains(room.slug) {
            try await seed(room)
            progress("room \(room.slug)")
        }
    }

    /// Whether the demo people still have their published passwords; `nil` where there are no demo people.
    package func hasDemoData() async throws -> Bool? {
        guard let person = DemoData.people.last,
            let found = try await stores.users.credentials(ofUserNamed: person.username)
        else { return nil }
        return try await authenticator.isPassword(person.password, of: found.passwordHash)
    }

    private func seed(_ room: DemoData.DemoRoom) async throws {
        var members: [String: Principal] = [:]
        for username in room.members {
            // A room has no sign-in behind it here; commands ask for the person alone.
            members[username] = Principal(user: try await activeUser(named: username), session: SessionID(rawValue: 0))
        }
        guard let first = room.members.first, let owner = members[first] else { return }
        _ = try await createRoom(name: room.name, topic: room.topic, kind: room.kind, slug: room.slug, by: owner)
        for username in room.members.dropFirst() { try await invite(username, to: room.slug, by: owner) }
        for (number, message) in room.messages.enumerated() {
            guard let sender = members[message.sender] else { continue }
            _ = try await sendMessage(
                to: room.slug, text: message.text, clientId: "demo-\(room.slug)-\(number)", from: sender)
        }
    }
}
