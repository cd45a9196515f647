import Chat
import Hummingbird
import Model

extension Site {
    func showPeople(_ call: PageCall) async throws -> Response {
        try await peoplePage(call)
    }

    func changePerson(_ call: PageCall, _ form: Form) async throws -> Response {
        let (username, actor) = (try call.path("username"), Actor.person(call.principal))
        do {
            switch form["do"] {
            case "disable": _ = try await chat.setDisabled(true, username: username, by: actor)
            case "enable": _ = try await chat.setDisabled(false, username: username, by: actor)
            case "delete":
                guard username.lowercased() != call.principal.username else {
                    throw ChatError(.badRequest, "Delete your own account at your profile: it asks for your password.")
                }
                try await chat.deleteUser(username: username, by: actor)
            case "suspend":
                // What is no number is none that is allowed.
                _ = try await chat.suspend(username, lasting: Seconds(Int64(form["seconds"]) ?? 0), by: actor)
            case "unsuspend": _ = try await chat.suspend(username, lasting: nil, by: actor)
            case "role":
                guard let role = Role(rawValue: form["role"]) else {
                    throw ChatError(.invalidField, "There is no such role.", field: "role")
                }
                _ = try await chat.setRole(role, username: username, by: actor)
            default: throw ChatError(.badRequest, "The form does not say what to do.")
            }
            return redirect(to: "/admin/people/")
        } catch let error as ChatError where error.fitsBesideForm {
            return try await peoplePage(call, error: error)
        }
    }

    private func peoplePage(_ call: PageCall, error: ChatError? = nil) async throws -> Response {
        let users = try await chat.allUsers(for: call.principal)
        let emails = try await chat.allEmails(for: call.principal)
        let inviters = try await chat.inviters(for: call.principal)
        var values: [String: Any] = [
            "people": users.map { Self.values($0, emails[$0.id], inviter: inviters[$0.id], me: call.principal) },
            "count": users.count,
            "keepsMessages": chat.limits.deletedMessages == .keep,
        ]
        values["error"] = error?.message
        return try adminPage("people", "People", values, call, status: error?.code.status ?? .ok)
    }

    private static func values(
        _ user: User, _ email: AccountEmail?, inviter: String?, me: Principal
    ) -> [String: Any] {
        var values: [String: Any] = [
            "username": user.username, "name": user.name, "isBot": user.isBot,
            "isDisabled": user.isDisabled && user.suspendedUntil == nil,
            "joined": user.createdAt.day(), "isOther": user.id != me.user,
            "initials": PageValues.initials(of: user.name), "hueClass": PageValues.hueClass(of: user.username),
            "roles": Role.allCases.map { ["role": $0.rawValue, "isTheirs": $0 == user.role] as [String: Any] },
        ]
        values["inviter"] = inviter
        values["email"] = email?.verified?.description
        values["claimed"] = email?.claim?.address.description
        values["suspended"] = user.suspendedUntil.map { Restriction(until: $0).words }
        return values
    }
}
