import Auth
import Chat
import HTTPTypes
import Hummingbird
import Model

/// A person's own account: their name, their password, and where they are signed in.
extension Site {
    func addProfilePages(to router: Router<WebContext>) {
        page(router, .get, "/profile", showProfile)
        form(router, "/profile", changeName)
        form(router, "/profile/password", changePassword)
        form(router, "/profile/sessions/end", endOtherSessions)
        form(router, "/profile/sessions/{id}/end", endOneSession)
    }

    private func showProfile(_ call: PageCall) async throws -> Response {
        try await profilePage(call)
    }

    private func changeName(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form, typed: ["name": form["name"]]) {
            try await chat.setName(form["name"], by: call.principal)
            return redirect(to: "/profile/?done=name")
        }
    }

    private func changePassword(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            try await loggingWrongPassword("current", call.context) {
                try await chat.changePassword(
                    from: form["current"], to: form["password"], by: call.principal,
                    client: client(of: call.request, call.context), endingTokens: !form["revoke-tokens"].isEmpty)
            }
            return redirect(to: "/profile/?done=password")
        }
    }

    private func endOneSession(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            guard let id = Int64(try call.path("id")) else {
                throw ChatError(.sessionNotFound, "There is no such sign-in.")
            }
            try await chat.endSession(SessionID(rawValue: id), by: call.principal)
            return redirect(to: "/profile/?done=session")
        }
    }

    private func endOtherSessions(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            try await chat.endSessions(of: call.principal.user, but: call.principal.session)
            return redirect(to: "/profile/?done=sessions")
        }
    }

    func profilePage(
        _ call: PageCall, error: ChatError? = nil, typed: [String: Any] = [:]
    ) async throws -> Response {
        let sessions = try await chat.sessions(of: call.principal)
        var values: [String: Any] = [
            "name": typed["name"] ?? call.principal.name, "role": call.principal.role.rawValue,
            "sessions": sessions.map { Self.values($0, current: call.principal.session) },
            "hasOthers": sessions.count > 1, "hasBots": chat.mayMakeBots(call.principal),
            "hasSecondFactor": try await authenticator.twoFactor.isOn(for: call.principal.user),
            "passkeys": try await authenticator.passkeys.passkeys(of: call.principal.user).count,
        ]
        let email = try await chat.email(of: call.principal)
        values["takesEmail"] = chat.takesEmail
        values["email"] = email.verified?.description
        values["claimed"] = email.claim?.address.description
        try await values.merge(providerValues(of: call)) { $1 }
        values["notice"] = call.request.uri.queryParameters["done"].flatMap { Self.done[String($0)] }
        values.tell(error)
        return try page(
            "profile", title: "Your account", values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok
        ).waiting(for: error)
    }

    private static let done = [
        "name": "Your name has changed.",
        "provider": "You can sign in with it from now on.",
        "provider-removed": "You no longer sign in with it.",
        "two-factor-off": "The second factor is off: the password alone is enough now.",
        "email": "Mail to your address reaches you.", "email-removed": "Your address is forgotten.",
        "password": "Your password has changed. You are signed out everywhere else.",
        "session": "That sign-in has ended.", "sessions": "You are signed out everywhere else.",
    ]

    private static func values(_ session: SessionView, current: SessionID) -> [String: Any] {
        [
            "id": session.id.rawValue, "isCurrent": session.id == current, "device": Device(session).name,
            "address": session.address ?? "an unknown address",
            "lastUsedAt": session.lastUsedAt.iso8601, "shownAt": session.lastUsedAt.minute,
        ]
    }

    private func showingRefusal(
        _ call: PageCall, _ form: Form, typed: [String: Any] = [:], _ work: () async throws -> Response
    ) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            return try await work()
        } catch let error as ChatError where error.fitsBesideForm {
            return try await profilePage(call, error: error, typed: typed)
        }
    }
}
