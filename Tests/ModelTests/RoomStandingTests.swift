import Model
import Testing

@Suite("Standing in a room")
struct RoomStandingTests {
    private static let all = RoomKind.allCases.flatMap { kind in
        Role.allCases.flatMap { server in
            ([nil] + RoomRole.allCases).map { RoomStanding(kind: kind, server: server, room: $0) }
        }
    }

    @Test("Nobody is above the others in a direct room, and nobody has power over a private room that they are not in")
    func private_() {
        for standing in Self.all where standing.kind == .direct || standing.kind == .private && standing.room == nil {
            #expect(standing.permissions.isEmpty)
        }
    }

    @Test("Owners and administrators may do everything, moderators what keeps the peace, others nothing")
    func table() {
        let peace: Set<RoomPermission> = [.speakAlways, .removeMessages, .handleReports, .restrain, .setPace]
        for standing in Self.all where standing.kind == .public {
            let expected: Set<RoomPermission> =
                switch (standing.server, standing.room) {
                case (.admin, _), (_, .owner): Set(RoomPermission.allCases)
                case (.moderator, _), (_, .moderator): peace
                default: []
                }
            #expect(standing.permissions == expected, "\(standing)")
        }
    }

    @Test("Nobody acts on those who stand as high as they do, or higher")
    func above() {
        for one in Self.all {
            #expect(!one.isAbove(one))
            for other in Self.all where other.kind == one.kind && one.isAbove(other) {
                #expect(!other.isAbove(one))
            }
        }
        let owner = RoomStanding(kind: .public, server: .member, room: .owner)
        let moderator = RoomStanding(kind: .public, server: .member, room: .moderator)
        let admin = RoomStanding(kind: .public, server: .admin, room: .member)
        #expect(admin.isAbove(owner) && owner.isAbove(moderator) && !moderator.isAbove(owner))
    }
}
