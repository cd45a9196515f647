import Auth
import Chat
import Hummingbird
import Model

/// The bots that one answers for: made, given tokens, disabled and deleted. Administrators see everybody's at
/// `/admin/bots/`, and manage them here as well.
extension Site {
    func addBotPages(to router: Router<WebContext>) {
        page(router, .get, "/profile/bots") { call in try await botsPage(call) }
        form(router, "/profile/bots") { call, form in
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            return try await createBot(call, form) { try await botsPage(call, form: form, error: $0) }
        }
        page(router, .get, "/profile/bots/{username}") { call in try await botPage(call) }
        form(router, "/profile/bots/{username}", changeBot)
        form(router, "/profile/bots/{username}/tokens", createBotToken)
        form(router, "/profile/bots/{username}/tokens/{id}/revoke", revokeBotToken)
    }

    /// - Parameter refuse: the page with the form, and why it was refused.
    func createBot(
        _ call: PageCall, _ form: Form, refuse: (ChatError) async throws -> Response
    ) async throws -> Response {
        do {
            let bot = try await chat.createBot(username: form["username"], name: form["name"], by: call.principal)
            return redirect(to: "/profile/bots/\(bot.username)/")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await refuse(error).waiting(for: error)
        }
    }

    private func changeBot(_ call: PageCall, _ form: Form) async throws -> Response {
        let username = try call.path("username")
        return try await showingRefusal(call, form) {
            switch form["do"] {
            case "disable": try await chat.setBotDisabled(true, username: username, by: call.principal)
            case "enable": try await chat.setBotDisabled(false, username: username, by: call.principal)
            case "delete":
                try await chat.deleteBot(username, by: call.principal)
                return redirect(to: "/profile/bots/")
            default: throw ChatError(.badRequest, "The form does not say what to do.")
            }
            return redirect(to: "/profile/bots/\(username)/")
        }
    }

    private func createBotToken(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            let wanted = TokenForm(form)
            let made = try await chat.createToken(
                forBot: try call.path("username"), name: wanted.name, scopes: wanted.scopes, days: wanted.days,
                password: form["password"], by: call.principal, from: client(of: call.request, call.context))
            return try await botPage(call, made: made.token)
        }
    }

    private func revokeBotToken(_ call: PageCall, _ form: Form) async throws -> Response {
        let username = try call.path("username")
        return try await showingRefusal(call, form) {
            let id = SessionID(rawValue: Int64(try call.path("id")) ?? 0)
            try await chat.revokeToken(id, ofBot: username, by: call.principal)
            return redirect(to: "/profile/bots/\(username)/?done=revoked")
        }
    }

    private func showingRefusal(
        _ call: PageCall, _ form: Form, _ work: () async throws -> Response
    ) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            return try await work()
        } catch let error as ChatError where error.fitsBesideForm && error.code != .botNotFound {
            return try await botPage(call, typed: TokenForm(form), error: error)
        }
    }

    private func botsPage(_ call: PageCall, form: Form? = nil, error: ChatError? = nil) async throws -> Response {
        var values = Self.values(try await chat.bots(for: call.principal), typed: form)
        values["mayMake"] = chat.mayMakeBots(call.principal)
        values["botPath"] = "/profile/bots"
        values.tell(error)
        return try page(
            "bots", title: "Bots", values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok)
    }

    /// - Parameter made: a token that was just made: it is shown once, since only its hash is kept.
    private func botPage(
        _ call: PageCall, made: MarkedToken? = nil, typed: TokenForm = TokenForm(), error: ChatError? = nil
    ) async throws -> Response {
        let bot = try await chat.bot(call.path("username"), for: call.principal)
        var values = typed.values(daysMax: chat.limits.tokenDaysMax)
        values["tokens"] = try await chat.tokens(ofBot: bot.user.username, for: call.principal).map(TokenForm.values)
        values["tokenPath"] = "/profile/bots/\(bot.user.username)/tokens"
        values["bot"] = Self.values(bot)
        values["made"] = made?.text
        if call.request.uri.queryParameters["done"] != nil {
            values["notice"] = "That token is worth nothing any more."
        }
        values.tell(error)
        return try page(
            "bot", title: bot.user.name, values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok
        ).waiting(for: error)
    }

    static func values(_ bots: [Bot], typed form: Form?) -> [String: Any] {
        ["bots": bots.map(Self.values), "botUsername": form?["username"] ?? "", "botName": form?["name"] ?? ""]
    }

    private static func values(_ bot: Bot) -> [String: Any] {
        [
            "username": bot.user.username, "name": bot.user.name, "owner": bot.owner,
            "isDisabled": bot.user.isDisabled, "since": String(bot.user.createdAt.iso8601.prefix(10)),
            "initials": PageValues.initials(of: bot.user.name),
            "hueClass": PageValues.hueClass(of: bot.user.username),
        ]
    }
}
