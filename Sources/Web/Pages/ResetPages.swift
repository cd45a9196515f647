import Auth
import Chat
import Hummingbird
import Logging
import Model

/// A new password by mail, in two steps: asking for a link, and opening it.
extension Site {
    func addResetPages(to router: Router<WebContext>) {
        router.get("/password/reset") { request, _ in try self.askForAccount(request) }
        router.post("/password/reset") { request, context in try await self.requestReset(request, context) }
        router.get("/password/new") { request, _ in try await self.showNewPassword(request) }
        router.post("/password/new") { request, context in try await self.setNewPassword(request, context) }
    }

    private func requestReset(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        do {
            try checkOrigin(of: request, from: context.visitor, form)
            try chat.requestReset(of: form["account"], from: client(of: request, context))
            context.logger.info("password reset asked for")
            return try askForAccount(request, isSent: true)
        } catch let error as ChatError where error.fitsBesideForm && error.code != .noMail {
            return try askForAccount(request, account: form["account"], error: error)
        }
    }

    /// - Parameter isSent: says that a mail is on its way, where there is such an account: the same for every account.
    private func askForAccount(
        _ request: Request, account: String = "", isSent: Bool = false, error: ChatError? = nil
    ) throws -> Response {
        guard chat.resetsPasswords else {
            throw ChatError(.noMail, "This server sends no mail. Its operator can give you a new password.")
        }
        var values: [String: Any] = ["account": account, "isSent": isSent]
        values.tell(error)
        return try page(
            "password-reset", title: "Lost password", values, request: request, status: error?.code.status ?? .ok
        ).waiting(for: error)
    }

    private func showNewPassword(_ request: Request) async throws -> Response {
        let token = request.uri.queryParameters["token"].map(String.init) ?? ""
        do {
            try await chat.checkReset(token)
            return try newPasswordPage(request, token: token)
        } catch let error as ChatError where error.code == .resetInvalid {
            return try newPasswordPage(request, token: nil, error: error)
        }
    }

    /// The link's token is all that lets one in here. Another site's form is refused all the same: whoever is signed in
    /// in this browser is so no more afterwards.
    private func setNewPassword(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        do {
            try checkOrigin(of: request, from: context.visitor, form)
            try await chat.resetPassword(form["token"], to: form["password"])
            context.logger.notice("password reset")
            var response = redirect(to: "/accounts/login/?reset=1")
            // Whoever was signed in here is so no more.
            response.headers[values: .setCookie].append(cookies.expired(cookies.session))
            return response
        } catch let error as ChatError where error.code == .resetInvalid {
            return try newPasswordPage(request, token: nil, error: error)
        } catch let error as ChatError where error.fitsBesideForm {
            return try newPasswordPage(request, token: form["token"], error: error)
        }
    }

    /// - Parameter token: `nil` where it is of no use.
    private func newPasswordPage(_ request: Request, token: String?, error: ChatError? = nil) throws -> Response {
        var values: [String: Any] = ["canReset": chat.resetsPasswords]
        values["token"] = token
        values.tell(error)
        var response = try page(
            "password-new", title: "A new password", values, request: request, status: error?.code.status ?? .ok
        ).waiting(for: error)
        // The address has the token. With `no-referrer` browsers would not say that the form is ours either (Fetch,
        // "append a request `Origin` header").
        response.headers[.referrerPolicy] = "strict-origin"
        return response
    }
}
