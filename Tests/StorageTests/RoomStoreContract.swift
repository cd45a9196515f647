import Model
import Storage
import Synchronization
import Testing

@Suite("The contract of room stores")
struct RoomStoreContract {
    @Test("A room has its maker as a member; its slug is unique", arguments: Backend.allCases)
    func create(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            let room = try await stores.makeRoom("lobby", by: user)
            #expect(room.isMember && room.kind == .public && room.lastSeq == 0)
            #expect(try await stores.rooms.memberships(of: user.id) == [room.ref])
            await #expect(performing: { try await stores.makeRoom("lobby", by: user) }, throws: isRefusal(.slugTaken))
        }
    }

    @Test("A slug made from a name gets a number where it is taken", arguments: Backend.allCases)
    func likeSlug(backend: Backend) async throws {
        try await backend.withStores { stores in
            let user = try await stores.makeUser("titania")
            var slugs: [String] = []
            for _ in 0..<3 {
                let new = NewRoom(name: "Glade", topic: "", kind: .public, slug: .like("glade"))
                slugs.append(try await stores.rooms.create(new, by: user.id, committed: { _ in }).slug)
            }
            #expect(slugs == ["glade", "glade-2", "glade-3"])
            let nameless = NewRoom(name: "房间", topic: "", kind: .public, slug: .like(""))
            #expect(try await stores.rooms.create(nameless, by: user.id, committed: { _ in }).slug == "room")
        }
    }

    @Test("A private room does not exist for those who are not in it", arguments: Backend.allCases)
    func privateRoom(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            _ = try await stores.makeRoom("court", kind: .private, by: titania)
            let rooms = stores.rooms
            #expect(try await rooms.rooms(for: puck.id).isEmpty)
            await #expect(performing: { try await rooms.room("court", for: puck.id) }, throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await rooms.join("court", user: puck.id, committed: { _ in }) },
                throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await rooms.invite(puck.id, to: "court", by: puck.id, committed: { _ in }) },
                throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await rooms.leave("court", user: puck.id, committed: { _ in }) },
                throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await rooms.members(of: "court", for: puck.id) }, throws: isRefusal(.roomNotFound))
        }
    }

    @Test("A member brings others in; a stranger to a public room cannot", arguments: Backend.allCases)
    func invite(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            _ = try await stores.makeRoom("court", kind: .private, by: titania)
            _ = try await stores.rooms.invite(puck.id, to: "court", by: titania.id, committed: { _ in })
            #expect(try await stores.rooms.members(of: "court", for: puck.id).map(\.username) == ["puck", "titania"])
            _ = try await stores.makeRoom("lobby", by: titania)
            await #expect(
                performing: {
                    try await stores.rooms.invite(titania.id, to: "lobby", by: puck.id, committed: { _ in })
                },
                throws: isRefusal(.notAMember))
        }
    }

    @Test("Joining and leaving again changes nothing and tells nobody", arguments: Backend.allCases)
    func idempotent(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            _ = try await stores.makeRoom("lobby", by: titania)
            let told = Mutex(0)
            for _ in 0..<2 {
                _ = try await stores.rooms.join("lobby", user: puck.id, committed: { _ in told.withLock { $0 += 1 } })
            }
            #expect(told.withLock(\.self) == 1)
            for _ in 0..<2 {
                try await stores.rooms.leave("lobby", user: puck.id, committed: { _ in told.withLock { $0 += 1 } })
            }
            #expect(told.withLock(\.self) == 2)
            #expect(try await stores.rooms.memberships(of: puck.id).isEmpty)
        }
    }

    @Test("There is one direct room for a set of people, and nobody joins or leaves it", arguments: Backend.allCases)
    func direct(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            let luna = try await stores.makeUser("luna")
            let rooms = stores.rooms
            let first = try await rooms.openDirect(between: [titania.id, puck.id], for: titania.id) { views in
                #expect(views.count == 2)
            }
            #expect(first.name == "Puck" && first.members?.map(\.username) == ["puck", "titania"])
            let second = try await rooms.openDirect(between: [puck.id, titania.id], for: puck.id) { _ in
                Issue.record("it was there already")
            }
            #expect(second.ref == first.ref && second.name == "Titania")
            let three = try await rooms.openDirect(
                between: [titania.id, puck.id, luna.id], for: luna.id, committed: { _ in })
            #expect(three.ref != first.ref)
            await #expect(
                performing: { try await rooms.room(first.slug, for: luna.id) }, throws: isRefusal(.roomNotFound))
            await #expect(
                performing: { try await rooms.leave(first.slug, user: puck.id, committed: { _ in }) },
                throws: isRefusal(.directRoomFixed))
            await #expect(
                performing: { try await rooms.invite(luna.id, to: first.slug, by: puck.id, committed: { _ in }) },
                throws: isRefusal(.directRoomFixed))
        }
    }

    @Test("A new member has read what was said before they came", arguments: Backend.allCases)
    func readOnJoin(backend: Backend) async throws {
        try await backend.withStores { stores in
            let (titania, puck) = (try await stores.makeUser("titania"), try await stores.makeUser("puck"))
            _ = try await stores.makeRoom("lobby", by: titania)
            for number in 1...3 { _ = try await stores.append("\(number)", to: "lobby", by: titania) }
            let view = try await stores.rooms.join("lobby", user: puck.id, committed: { _ in })
            #expect(view.lastSeq == 3 && view.unread == 0)
            _ = try await stores.append("4", to: "lobby", by: titania)
            #expect(try await stores.rooms.room("lobby", for: puck.id).unread == 1)
        }
    }
}
