import Auth
import Chat
import HTTPTypes
import Hummingbird
import Model

/// A person's own account: who they are, their password, and where they are signed in.
extension Site {
    func addProfilePages(to router: Router<WebContext>) {
        page(router, .get, "/profile", showProfile)
        form(router, "/profile", changeProfile)
        form(router, "/profile/status", changeStatus)
        form(router, "/profile/password", changePassword)
        form(router, "/profile/sessions/end", endOtherSessions)
        form(router, "/profile/sessions/{id}/end", endOneSession)
    }

    private func showProfile(_ call: PageCall) async throws -> Response {
        try await profilePage(call)
    }

    private func changeProfile(_ call: PageCall, _ form: Form) async throws -> Response {
        let typed = ["name": form["name"], "bio": form["bio"], "timeZone": form["timeZone"]]
        return try await showingRefusal(call, form, typed: typed) {
            let language = form["language"].isEmpty ? nil : Language(rawValue: form["language"])
            guard form["language"].isEmpty || language != nil else {
                throw ChatError(.invalidField, "The pages are not written in this language.", field: "language")
            }
            try await chat.editProfile(
                name: form["name"], bio: form["bio"], timeZone: form["timeZone"], language: language,
                by: call.principal)
            return redirect(to: "/profile/?done=profile")
        }
    }

    private func changeStatus(_ call: PageCall, _ form: Form) async throws -> Response {
        let typed = ["emoji": form["emoji"], "status": form["status"], "seconds": form["seconds"]]
        return try await showingRefusal(call, form, typed: typed) {
            guard form["do"] != "clear" else {
                try await chat.setStatus(emoji: "", text: "", seconds: nil, by: call.principal)
                return redirect(to: "/profile/?done=status-clear")
            }
            let seconds = Int64(form["seconds"])
            guard seconds != nil || form["seconds"].isEmpty else {
                throw ChatError(.invalidField, "Choose how long it holds.", field: "seconds")
            }
            guard !(form["emoji"] + form["status"]).allSatisfy(\.isWhitespace) else {
                throw ChatError(.invalidField, "Write a few words, or choose an emoji.", field: "status")
            }
            try await chat.setStatus(emoji: form["emoji"], text: form["status"], seconds: seconds, by: call.principal)
            return redirect(to: "/profile/?done=status")
        }
    }

    private func changePassword(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) {
            try await chat.changePassword(
                from: form["current"], to: form["password"], by: call.principal,
                client: client(of: call.request, call.context), endingTokens: !form["revoke-tokens"].isEmpty)
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
        _ call: PageCall, error: ChatError? = nil, typed: [String: String] = [:]
    ) async throws -> Response {
        let sessions = try await chat.sessions(of: call.principal)
        let profile = try await chat.profile(of: call.principal)
        var values: [String: Any] = [
            "name": typed["name"] ?? call.principal.name, "bio": typed["bio"] ?? profile.bio,
            "role": call.principal.role.rawValue,
            "zones": Self.zones(chosen: typed["timeZone"] ?? profile.timeZone ?? ""),
            "languages": Language.allCases.map {
                ["tag": $0.rawValue, "name": $0.name, "isChosen": $0 == profile.language] as [String: Any]
            },
            "emoji": typed["emoji"] ?? profile.status?.emoji ?? "",
            "status": typed["status"] ?? profile.status?.text ?? "", "hasStatus": profile.status != nil,
            "statusTimes": Self.statusTimes(chosen: typed["seconds"] ?? ""),
            "sessions": sessions.map { Self.values($0, current: call.principal.session) },
            "hasOthers": sessions.count > 1, "hasBots": chat.mayMakeBots(call.principal),
            "hasSecondFactor": try await authenticator.twoFactor.isOn(for: call.principal.user),
            "passkeys": try await authenticator.passkeys.passkeys(of: call.principal.user).count,
        ]
        values["statusUntil"] = profile.status?.until?.minute
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
        "profile": "Your profile has changed.",
        "status": "Everybody sees your status now.",
        "status-clear": "Your status is gone.",
        "provider": "You can sign in with it from now on.",
        "provider-removed": "You no longer sign in with it.",
        "two-factor-off": "The second factor is off: the password alone is enough now.",
        "email": "Mail to your address reaches you.", "email-removed": "Your address is forgotten.",
        "password": "Your password has changed. You are signed out everywhere else.",
        "session": "That sign-in has ended.", "sessions": "You are signed out everywhere else.",
    ]

    private static func zones(chosen: String) -> [[String: Any]] {
        TimeZones.names.map {
            ["zone": $0, "label": $0.replacing("_", with: " "), "isChosen": $0 == chosen]
        }
    }

    private static func statusTimes(chosen: String) -> [[String: Any]] {
        [
            ("", "Until I change it"), ("1800", "For 30 minutes"), ("3600", "For an hour"), ("14400", "For 4 hours"),
            ("86400", "For a day"), ("604800", "For a week"),
        ].map { ["seconds": $0.0, "label": $0.1, "isChosen": $0.0 == chosen] }
    }

    private static func values(_ session: SessionView, current: SessionID) -> [String: Any] {
        [
            "id": session.id.rawValue, "isCurrent": session.id == current, "device": Device(session).name,
            "address": session.address ?? "an unknown address",
            "lastUsedAt": session.lastUsedAt.iso8601, "shownAt": session.lastUsedAt.minute,
        ]
    }

    private func showingRefusal(
        _ call: PageCall, _ form: Form, typed: [String: String] = [:], _ work: () async throws -> Response
    ) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            return try await work()
        } catch let error as ChatError where error.fitsBesideForm {
            return try await profilePage(call, error: error, typed: typed)
        }
    }
}
