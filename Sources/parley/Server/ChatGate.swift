import Auth
import Chat
import Model
import Proxy
import Realtime
import Web

/// What sockets may ask of the chat.
struct ChatGate: SocketGate {
    let chat: Chat
    let authenticator: Authenticator
    let origins: OriginPolicy
    let allowsQueryToken: Bool
    let health: Health

    var sessionCookie: String { SiteCookies(publicURL: origins.publicURL).session }

    func authenticate(_ credentials: SocketCredentials) async throws -> Principal {
        let principal = try await principal(credentials)
        try principal.requireVerified()
        return principal
    }

    private func principal(_ credentials: SocketCredentials) async throws -> Principal {
        guard health.isReady else { throw ChatError(.notReady, "The server is starting. Try again in a moment.") }
        switch credentials {
        case .accessToken(let token):
            return try await authenticator.principal(accessToken: token)
        case .queryToken(let token):
            guard allowsQueryToken else {
                throw ChatError(
                    .queryTokenRefused,
                    "A token in the address ends up in logs. Use a header, a ticket, or a first frame.")
            }
            return try await authenticator.principal(accessToken: token)
        case .ticket(let ticket):
            return try await authenticator.principal(ticket: ticket)
        case .sessionCookie(let token, let origin):
            // A browser sends its cookie along from whatever page it is on; only our own may open a socket with it.
            guard origins.allows(origin) else {
                throw ChatError(.originRefused, "This page may not open a socket with your session.")
            }
            return try await authenticator.principal(cookie: token).principal
        }
    }

    func subscriptions(of principal: Principal, room: String?) async throws -> [RoomRef] {
        try await authenticator.principal(principal.session).require(.scope(.messagesRead))
        guard let room else { return try await chat.memberships(of: principal) }
        let view = try await chat.room(room, for: principal)
        guard view.isMember else { throw ChatError.notAMember }
        return [view.ref]
    }

    func missed(
        _ room: String, since position: StreamPosition, by principal: Principal
    ) async throws -> MissedMessages {
        try await chat.missed(in: room, since: position, by: principal)
    }

    func handle(
        _ command: Command, from principal: Principal,
        reply: @escaping @Sendable (Result<CommandResult, ChatError>) -> Void
    ) {
        chat.handle(command, from: principal, reply: reply)
    }
}
