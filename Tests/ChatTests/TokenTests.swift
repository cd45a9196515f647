import Auth
import Model
import Storage
import Testing

@testable import Chat

@Suite("Access tokens for programs")
struct TokenTests {
    private func token(
        _ scopes: Set<Scope>, of principal: Principal, in world: World
    ) async throws -> (text: String, principal: Principal, id: SessionID) {
        let made = try await world.chat.createToken(
            name: "a script", scopes: scopes, days: 7, password: "faerie123", by: principal, from: Client())
        let found = try await world.authenticator.principal(accessToken: made.token.text)
        return (made.token.text, found, made.record.id)
    }

    @Test("stand for whoever made them, as far as their scopes reach")
    func scopes() async throws {
        try await World.with { world in
            let titania = try await world.person("titania", role: .admin)
            let (_, program, _) = try await token([.messagesWrite], of: titania, in: world)
            #expect(program.user == titania.user && program.grant == .token([.messagesWrite]))
            #expect(program.has(.messagesWrite) && !program.has(.messagesRead))
            #expect(throws: ChatError.scopeMissing(.roomsRead)) { try program.require(.scope(.roomsRead)) }
            try program.require(.scope(.messagesWrite))
            for access in Scope.allCases.map(Access.scope) + [.person, .everybody] { try titania.require(access) }
        }
    }

    @Test("never manage passwords, tokens or the server, whatever their scopes")
    func never() async throws {
        try await World.with { world in
            let titania = try await world.person("titania", role: .admin)
            let (_, program, id) = try await token(Set(Scope.allCases), of: titania, in: world)
            let (chat, client) = (world.chat, Client())
            let forbidden: [@Sendable () async throws -> Void] = [
                { try await chat.changePassword(from: "faerie123", to: "another one", by: program, client: client) },
                {
                    _ = try await chat.createToken(
                        name: "more", scopes: [.roomsRead], days: 1, password: "faerie123", by: program, from: client)
                },
                { _ = try await chat.tokens(of: program) },
                { try await chat.revokeToken(id, by: program) },
                { _ = try await chat.allUsers(for: program) },
                { _ = try await chat.setRole(.guest, username: "titania", by: .person(program)) },
            ]
            for act in forbidden {
                await #expect(performing: { try await act() }, throws: isRefusal(.scopeMissing))
            }
        }
    }

    @Test("are worth nothing as a cookie, once revoked, or with another letter")
    func worthless() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            let (text, _, id) = try await token([.accountRead], of: titania, in: world)
            await #expect(
                performing: { try await world.authenticator.principal(cookie: text) },
                throws: isRefusal(.sessionExpired))
            await #expect(
                performing: { try await world.authenticator.principal(accessToken: text + "x") },
                throws: isRefusal(.tokenInvalid))
            try await world.chat.revokeToken(id, by: titania)
            #expect(world.events.all.last == "session \(id.rawValue) ended")
            await #expect(
                performing: { try await world.authenticator.principal(accessToken: text) },
                throws: isRefusal(.tokenInvalid))
            await #expect(
                performing: { try await world.chat.revokeToken(id, by: titania) }, throws: isRefusal(.tokenNotFound))
        }
    }

    @Test("go on when the password changes, unless they are to end")
    func passwords() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            let (text, _, _) = try await token([.accountRead], of: titania, in: world)
            try await world.chat.changePassword(
                from: "faerie123", to: "faerie1234", by: titania, client: Client())
            _ = try await world.authenticator.principal(accessToken: text)
            try await world.chat.changePassword(
                from: "faerie1234", to: "faerie12345", by: titania, client: Client(), endingTokens: true)
            await #expect(
                performing: { try await world.authenticator.principal(accessToken: text) },
                throws: isRefusal(.tokenInvalid))
        }
    }

    @Test("are somebody's own: nobody else revokes them, and none learns that they are there")
    func own() async throws {
        try await World.with { world in
            let (titania, oberon) = (try await world.person("titania"), try await world.person("oberon"))
            let (_, _, id) = try await token([.accountRead], of: titania, in: world)
            await #expect(
                performing: { try await world.chat.revokeToken(id, by: oberon) }, throws: isRefusal(.tokenNotFound))
            // Nor is a sign-in one.
            await #expect(
                performing: { try await world.chat.revokeToken(titania.session, by: titania) },
                throws: isRefusal(.tokenNotFound))
        }
    }

    @Test("need a name, a scope, a time that the setting allows, and the password")
    func refused() async throws {
        try await World.with { world in
            let titania = try await world.person("titania")
            @Sendable func make(
                name: String = "x", scopes: Set<Scope> = [.roomsRead], days: Int64 = 1, password: String = "faerie123"
            ) async throws {
                _ = try await world.chat.createToken(
                    name: name, scopes: scopes, days: days, password: password, by: titania, from: Client())
            }
            let wrong: [(String, @Sendable () async throws -> Void)] = [
                ("name", { try await make(name: " ") }), ("scopes", { try await make(scopes: []) }),
                ("days", { try await make(days: 0) }), ("days", { try await make(days: 366) }),
                ("password", { try await make(password: "wrong") }),
            ]
            for (field, act) in wrong {
                await #expect(performing: { try await act() }, throws: { ($0 as? ChatError)?.field == field })
            }
            #expect(try await world.chat.tokens(of: titania).isEmpty)
        }
    }
}
