package import Auth
package import Model
package import Storage

/// The product: what people can do, each in a file of its own below `Commands/` and `Queries/`.
///
/// Every command goes the same way: authorise, validate, store, tell. `publish` is called in commit order.
package struct Chat: Sendable {
    let stores: Stores
    let authenticator: Authenticator
    package let limits: Limits
    /// `nil` where no mail is sent.
    let mail: AccountMail?
    let publish: @Sendable (Event) -> Void
    let messageRate: RateLimiter<UserID>
    let roomRate: RateLimiter<UserID>
    let searchRate: RateLimiter<UserID>
    let profileRate: RateLimiter<UserID>
    let exportRate: RateLimiter<UserID>
    let reportRate: RateLimiter<UserID>
    let hookRate: RateLimiter<IncomingHookID>
    let checkHookAddress: @Sendable (String) async throws -> String

    /// - Parameters:
    ///   - publish: tells everybody concerned. Called one event at a time, in commit order, on a thread of the
    ///     database's: be quick in it and do not block.
    ///   - checkHookAddress: the address of an outgoing hook as it is kept; throws `invalid_field` where nothing may be sent.
    package init(
        stores: Stores, authenticator: Authenticator, limits: Limits, mail: AccountMail? = nil,
        publish: @escaping @Sendable (Event) -> Void,
        checkHookAddress: @escaping @Sendable (String) async throws -> String = { _ in
            throw ChatError(.invalidField, "Nothing is sent from here.", field: "address")
        }
    ) {
        self.stores = stores
        self.authenticator = authenticator
        self.limits = limits
        self.mail = mail
        self.publish = publish
        messageRate = RateLimiter(limits.messageRate)
        roomRate = RateLimiter(limits.roomRate)
        searchRate = RateLimiter(limits.searchRate)
        profileRate = RateLimiter(limits.profileRate)
        exportRate = RateLimiter(limits.exportRate)
        reportRate = RateLimiter(limits.reportRate)
        hookRate = RateLimiter(limits.hookRate)
        self.checkHookAddress = checkHookAddress
    }

    /// Carries out a real-time command. `reply` is called once, maybe on another thread, after the commit.
    package func handle(
        _ command: Command, from principal: Principal,
        reply: @escaping @Sendable (Result<CommandResult, ChatError>) -> Void
    ) {
        switch command {
        case .sendMessage(let room, let text, let clientId):
            sendMessage(to: room, text: text, clientId: clientId, from: principal) { result in
                reply(result.map { CommandResult(room: $0.room.slug, seq: $0.message.seq) })
            }
        case .markRead(let room, let seq):
            markRead(room, seq: seq, by: principal) { result in
                reply(result.map { CommandResult(room: $0.room.slug, seq: $0.seq) })
            }
        }
    }
}
