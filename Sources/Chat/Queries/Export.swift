import Auth
package import Model
import Storage

extension Chat {
    private static let exportPage = 200

    /// Before an export begins: asks for the password, and counts.
    /// - Throws: `invalid_field` with the field `password`, or `sign_in_again` where there is no password and the sign-in is
    ///   not recent; `too_many_requests`.
    package func beginExport(password: String, by principal: Principal, client: Client) async throws {
        try await authenticator.confirm(password, of: principal, field: "password", from: client)
        try exportRate.take(principal.user)
    }

    /// Everything that the server has about a person, piece by piece, each read when the one before was taken.
    package func export(for principal: Principal, _ take: (ExportPart) async throws -> Void) async throws {
        let user = principal.user
        guard let account = try await stores.users.user(user) else { throw ChatError.internal }
        let hasSecondFactor = try await authenticator.twoFactor.isOn(for: user)
        let email = try await stores.emails.email(of: user)
        try await take(.account(account, try await profile(of: principal), email, hasSecondFactor: hasSecondFactor))
        try await take(.sessions(try await stores.sessions.sessions(of: user, now: .now)))
        try await take(.identities(try await stores.identities.identities(of: user)))
        try await take(.passkeys(try await stores.passkeys.passkeys(of: user)))
        try await take(.tokens(try await stores.tokens.tokens(of: user)))
        try await take(.bots(try await stores.bots.bots(of: user)))
        let rooms = try await stores.rooms.rooms(for: user).filter(\.isMember)
        try await take(.rooms(rooms))
        try await take(.invitations(try await stores.invitations.invitations(by: user, limit: 1000)))
        try await take(.audit(try await stores.audit.entries(about: principal.username)))
        var place = MessagePlace.beginning
        while true {
            let page = try await stores.messages.messages(of: user, after: place, limit: Self.exportPage)
            guard let last = page.last else { break }
            try await take(.messages(page))
            place = last.place
        }
        for room in rooms where room.kind == .direct {
            try await take(.conversation(room))
            var seq: Seq = 0
            while true {
                let page = try await stores.messages.history(
                    room.slug, .after(seq), limit: Self.exportPage, for: user)
                if let last = page.messages.last { seq = last.seq }
                try await take(.conversationMessages(page.messages))
                guard page.hasMore else { break }
            }
        }
    }
}
