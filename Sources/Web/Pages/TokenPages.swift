import Auth
import Chat
import Hummingbird
import Model

/// Access tokens for programs: made, shown once, and revoked.
extension Site {
    func addTokenPages(to router: Router<WebContext>) {
        page(router, .get, "/profile/tokens") { call in try await tokensPage(call) }
        form(router, "/profile/tokens", createToken)
        form(router, "/profile/tokens/{id}/revoke", revokeToken)
    }

    private func createToken(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            let wanted = TokenForm(form)
            let made = try await chat.createToken(
                name: wanted.name, scopes: wanted.scopes, days: wanted.days, password: form["password"],
                by: call.principal, from: client(of: call.request, call.context))
            return try await tokensPage(call, made: made.token)
        } catch let error as ChatError where error.fitsBesideForm {
            return try await tokensPage(call, typed: TokenForm(form), error: error)
        }
    }

    private func revokeToken(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            try await chat.revokeToken(SessionID(rawValue: Int64(try call.path("id")) ?? 0), by: call.principal)
            return redirect(to: "/profile/tokens/?done=revoked")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await tokensPage(call, error: error)
        }
    }

    /// - Parameter made: of a token that was just made: it is shown once, since only its hash is kept.
    private func tokensPage(
        _ call: PageCall, made: MarkedToken? = nil, typed: TokenForm = TokenForm(), error: ChatError? = nil
    ) async throws -> Response {
        var values = typed.values(daysMax: chat.limits.tokenDaysMax)
        values["tokens"] = try await chat.tokens(of: call.principal).map(TokenForm.values)
        values["tokenPath"] = "/profile/tokens"
        values["made"] = made?.text
        if call.request.uri.queryParameters["done"] != nil {
            values["notice"] = "That token is worth nothing any more."
        }
        values.tell(error)
        return try page(
            "tokens", title: "Access tokens", values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok
        ).waiting(for: error)
    }
}

/// What is typed into the form for a token, and what is shown of tokens.
struct TokenForm: Sendable {
    var name = ""
    var scopes: Set<Scope> = []
    /// What is no number is none that is allowed.
    var days: Int64 = 90

    init() {}

    init(_ form: Form) {
        name = form["name"]
        scopes = Set(Scope.allCases.filter { !form["scope:\($0.rawValue)"].isEmpty })
        days = Int64(form["days"]) ?? 0
    }

    func values(daysMax: Int64) -> [String: Any] {
        [
            "tokenName": name, "days": days == 0 ? "" : String(min(days, daysMax)), "daysMax": daysMax,
            "scopes": Scope.allCases.map {
                ["scope": $0.rawValue, "summary": $0.summary, "isChosen": scopes.contains($0)] as [String: Any]
            },
        ]
    }

    static func values(_ token: PersonalToken) -> [String: Any] {
        var values: [String: Any] = [
            "id": token.id.rawValue, "name": token.name,
            "scopes": token.scopes.map(\.rawValue).sorted().joined(separator: ", "),
            "expiresAt": token.expiresAt.iso8601, "shownExpiresAt": String(token.expiresAt.iso8601.prefix(10)),
            "hasExpired": token.expiresAt <= .now,
        ]
        if let used = token.lastUsedAt {
            values["lastUsedAt"] = used.iso8601
            values["shownAt"] = used.minute
            values["address"] = token.address ?? "an unknown address"
        }
        return values
    }
}
