import Auth
import Chat
import HTTPTypes
import Hummingbird
import Model

/// Taking all of one's data along, and leaving.
extension Site {
    func addAccountDataPages(to router: Router<WebContext>) {
        page(router, .get, "/profile/export") { call in try dataPage("export", "A copy of your data", call) }
        form(router, "/profile/export", exportData)
        page(router, .get, "/profile/delete") { call in try await deletionPage(call) }
        form(router, "/profile/delete", deleteAccount)
    }

    private func exportData(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            try await chat.beginExport(
                password: form["password"], by: call.principal, client: client(of: call.request, call.context))
            return exportResponse(for: call.principal)
        } catch let error as ChatError where error.fitsBesideForm {
            return try dataPage("export", "A copy of your data", call, error: error)
        }
    }

    private func deleteAccount(_ call: PageCall, _ form: Form) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            try await chat.deleteAccount(
                password: form["password"], code: form["code"], by: call.principal,
                client: client(of: call.request, call.context))
            var response = try page("farewell", title: "Your account is deleted", request: call.request)
            response.headers[values: .setCookie].append(cookies.expired(cookies.session))
            return response
        } catch let error as ChatError where error.fitsBesideForm {
            return try await deletionPage(call, error: error)
        }
    }

    private func deletionPage(_ call: PageCall, error: ChatError? = nil) async throws -> Response {
        try dataPage(
            "delete-account", "Delete your account", call, error: error,
            [
                "keepsMessages": chat.limits.deletedMessages == .keep,
                "hasSecondFactor": try await !authenticator.twoFactor.kinds(of: call.principal.user).isEmpty,
            ])
    }

    private func dataPage(
        _ template: String, _ title: String, _ call: PageCall, error: ChatError? = nil, _ values: [String: Any] = [:]
    ) throws -> Response {
        var values = values
        values["hasPassword"] = call.principal.hasPassword
        values.tell(error)
        // A wrong code is a refusal of this form, not the end of the sign-in.
        let status = error.map { $0.code.status == .unauthorized ? .unprocessableContent : $0.code.status } ?? .ok
        return try page(template, title: title, values, for: call.principal, request: call.request, status: status)
            .waiting(for: error)
    }
}
