import Auth
import Model
import Storage
import Testing

@testable import Chat

@Suite("Invitations")
struct InvitationTests {
    @Test("Administrators see who invited whom, and others do not")
    func inviters() async throws {
        try await World.with { world in
            let admin = try await world.person("admin", role: .admin)
            let oberon = try await world.person("oberon", role: .moderator)
            let link = try await world.chat.createInvitation(days: 1, usesMax: 2, role: .member, by: oberon)
            let puck = try await world.chat.register(
                username: "puck", name: nil, password: "faerie123", email: nil,
                admission: .invitation(OpaqueToken(link.token).hash), from: Client())
            #expect(try await world.chat.inviters(for: admin) == [puck.id: "oberon"])
            await #expect(
                performing: { try await world.chat.inviters(for: oberon) }, throws: isRefusal(.notAllowed))
        }
    }
}
