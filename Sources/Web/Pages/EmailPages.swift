import Auth
import Chat
import Hummingbird
import Model

/// Showing that mail to an address reaches one, and changing it.
extension Site {
    func addEmailPages(to router: Router<WebContext>) {
        page(router, .get, "/verify", showVerify)
        form(router, "/verify", verify)
        form(router, "/verify/resend", resendCode)
        form(router, "/verify/address", claimEmail)
        form(router, "/profile/email/remove", removeEmail)
    }

    private func showVerify(_ call: PageCall) async throws -> Response {
        try await verifyPage(call)
    }

    private func verify(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            let wasChanged = try await chat.verifyEmail(form["code"], by: call.principal)
            return redirect(to: wasChanged || !chat.needsEmail ? "/profile/?done=email" : "/rooms/")
        }
    }

    private func resendCode(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            try await chat.resendEmailCode(by: call.principal)
            return redirect(to: "/verify/?done=resent")
        }
    }

    private func claimEmail(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form, typed: form["email"]) {
            try await chat.claimEmail(
                form["email"], password: form["password"], by: call.principal,
                client: client(of: call.request, call.context))
            return redirect(to: "/verify/?done=sent")
        }
    }

    private func removeEmail(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            try await chat.removeEmail(
                password: form["password"], by: call.principal, client: client(of: call.request, call.context))
            return redirect(to: "/profile/?done=email-removed")
        }
    }

    /// - Parameter typed: an address that was not taken.
    private func verifyPage(
        _ call: PageCall, typed: String? = nil, error: ChatError? = nil
    ) async throws -> Response {
        let email = try await chat.email(of: call.principal)
        var values: [String: Any] = [
            "takesEmail": chat.takesEmail, "email": typed ?? "", "isNeeded": chat.needsEmail,
            "isUnverified": call.principal.isUnverified,
            "canRemove": email.verified != nil && !chat.needsEmail,
        ]
        values["verified"] = email.verified?.description
        values["claimed"] = email.claim?.address.description
        values["notice"] = call.request.uri.queryParameters["done"].flatMap { Self.done[String($0)] }
        values.tell(error)
        return try page(
            "verify", title: "Your e-mail address", values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok
        ).waiting(for: error)
    }

    private static let done = [
        "sent": "A code is on its way. It may take a minute.",
        "resent": "Another code is on its way. The one before is worth nothing any more.",
    ]

    private func showingRefusal(
        _ call: PageCall, _ form: Form, typed: String? = nil, _ work: () async throws -> Response
    ) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            return try await work()
        } catch let error as ChatError where error.fitsBesideForm {
            return try await verifyPage(call, typed: typed, error: error)
        }
    }
}
