import Auth
import Chat
import HTTPTypes
import Hummingbird
import Logging
import Model

extension Site {
    /// The first person of a new server makes their account; there is such a page only until then.
    func showSetUp(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = request.uri.queryParameters["token"].map(String.init) ?? ""
        try await checkSetUp(token)
        return try setUpPage(request, token: token, username: "", name: "")
    }

    func setUp(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form(request, bytesMax: settings.bodyBytesMax)
        try await checkSetUp(form["token"])
        do {
            try checkOrigin(of: request, from: context.visitor, form)
            let admin = try await authenticator.register(
                username: form["username"], name: form["name"], password: form["password"], role: .admin,
                admission: .firstAdmin, from: client(of: request, context))
            context.logger.notice(
                "set up", metadata: ["user": "\(admin.id.rawValue)", "username": "\(admin.username)"])
            return try await signIn(admin, next: "/admin/", request, context)
        } catch let error as ChatError where error.fitsBesideForm {
            return try setUpPage(
                request, token: form["token"], username: form["username"], name: form["name"], error: error)
        }
    }

    /// - Throws: `route_not_found`, which tells nobody whether this server still waits for its administrator.
    private func checkSetUp(_ token: String) async throws {
        guard setUpLink.matches(token), try await !chat.hasAdmin() else {
            throw ChatError(
                .routeNotFound,
                "There is nothing at this address. A link to set a server up works once, and until the server is started anew."
            )
        }
    }

    private func setUpPage(
        _ request: Request, token: String, username: String, name: String, error: ChatError? = nil
    ) throws -> Response {
        var values: [String: Any] = ["token": token, "username": username, "name": name]
        values.tell(error)
        return try page(
            "set-up", title: "Set up", values, request: request, status: error?.code.status ?? .ok
        ).waiting(for: error)
    }
}

extension [String: Any] {
    /// A refusal beside its field, or above the form.
    mutating func tell(_ error: ChatError?) {
        guard let error else { return }
        if let field = error.field { self["errors"] = [field: error.message] } else { self["error"] = error.message }
    }
}
