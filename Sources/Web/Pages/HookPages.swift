import Auth
import Chat
import Hummingbird
import Model

/// A room's hooks: who may write into it from outside, and where what is written in it goes.
extension Site {
    func addHookPages(to router: Router<WebContext>) {
        page(router, .get, "/rooms/{slug}/hooks") { call in try await hooksPage(call) }
        form(router, "/rooms/{slug}/hooks/incoming", createIncomingHook)
        form(router, "/rooms/{slug}/hooks/incoming/{id}", changeIncomingHook)
        form(router, "/rooms/{slug}/hooks/outgoing", createOutgoingHook)
        page(router, .get, "/rooms/{slug}/hooks/outgoing/{id}") { call in try await deliveriesPage(call) }
        form(router, "/rooms/{slug}/hooks/outgoing/{id}", changeOutgoingHook)
    }

    private func createIncomingHook(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) { slug in
            let made = try await chat.createIncomingHook(name: form["name"], in: slug, by: call.principal)
            return try await hooksPage(call, link: hookAddress(made.hook.id, made.token))
        }
    }

    private func changeIncomingHook(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) { slug in
            let id = IncomingHookID(rawValue: Int64(try call.path("id")) ?? 0)
            switch form["do"] {
            case "renew":
                let token = try await chat.renewToken(of: id, in: slug, by: call.principal)
                return try await hooksPage(call, link: hookAddress(id, token))
            case "delete":
                try await chat.deleteIncomingHook(id, in: slug, by: call.principal)
                return redirect(to: "/rooms/\(slug)/hooks/")
            default: throw ChatError(.badRequest, "The form does not say what to do.")
            }
        }
    }

    private func createOutgoingHook(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) { slug in
            let made = try await chat.createOutgoingHook(address: form["address"], in: slug, by: call.principal)
            return try await hooksPage(call, secret: made.secret)
        }
    }

    private func changeOutgoingHook(_ call: PageCall, _ form: Form) async throws -> Response {
        try await showingRefusal(call, form) { slug in
            let id = OutgoingHookID(rawValue: Int64(try call.path("id")) ?? 0)
            switch form["do"] {
            case "renew":
                return try await hooksPage(
                    call, secret: try await chat.renewSecret(of: id, in: slug, by: call.principal))
            case "disable": try await chat.setHookDisabled(true, id, in: slug, by: call.principal)
            case "enable": try await chat.setHookDisabled(false, id, in: slug, by: call.principal)
            case "delete": try await chat.deleteOutgoingHook(id, in: slug, by: call.principal)
            case "resend":
                try await chat.resend(
                    DeliveryID(rawValue: Int64(form["delivery"]) ?? 0), to: id, in: slug, by: call.principal)
                return redirect(to: "/rooms/\(slug)/hooks/outgoing/\(id.rawValue)/")
            default: throw ChatError(.badRequest, "The form does not say what to do.")
            }
            return redirect(to: "/rooms/\(slug)/hooks/")
        }
    }

    private func hookAddress(_ id: IncomingHookID, _ token: MarkedToken) -> String {
        "\(publicURL)/hooks/\(id.rawValue)/\(token.text)/"
    }

    private func showingRefusal(
        _ call: PageCall, _ form: Form, _ work: (String) async throws -> Response
    ) async throws -> Response {
        do {
            try checkOrigin(of: call.request, from: call.context.visitor, form)
            return try await work(call.path("slug"))
        } catch let error as ChatError where error.fitsBesideForm && error.code.status.code != 403 {
            return try await hooksPage(call, form: form, error: error)
        }
    }

    /// - Parameters:
    ///   - link: of an incoming hook that was just made, or given a new one: it is shown once.
    ///   - secret: of an outgoing hook, likewise.
    private func hooksPage(
        _ call: PageCall, link: String? = nil, secret: String? = nil, form: Form? = nil, error: ChatError? = nil
    ) async throws -> Response {
        let slug = try call.path("slug")
        let room = try await chat.requireHooks(of: slug, by: call.principal)
        var values: [String: Any] = [
            "room": PageValues.room(room), "hookName": form?["name"] ?? "", "address": form?["address"] ?? "",
            "incoming": try await chat.incomingHooks(of: slug, for: call.principal).map(Self.values),
            "outgoing": try await chat.outgoingHooks(of: slug, for: call.principal).map(Self.values),
        ]
        values["link"] = link
        values["secret"] = secret
        values.tell(error)
        return try page(
            "hooks", title: "Webhooks of \(room.name)", values, for: call.principal, request: call.request,
            status: error?.code.status ?? .ok
        ).waiting(for: error)
    }

    private func deliveriesPage(_ call: PageCall) async throws -> Response {
        let slug = try call.path("slug")
        let room = try await chat.requireHooks(of: slug, by: call.principal)
        let found = try await chat.deliveries(
            to: OutgoingHookID(rawValue: Int64(try call.path("id")) ?? 0), in: slug, for: call.principal)
        let values: [String: Any] = [
            "room": PageValues.room(room), "hook": Self.values(found.hook),
            "deliveries": found.deliveries.map(Self.values),
        ]
        return try page(
            "deliveries", title: "Deliveries of a webhook", values, for: call.principal, request: call.request)
    }

    private static func values(_ hook: IncomingHook) -> [String: Any] {
        var values: [String: Any] = [
            "id": hook.id.rawValue, "name": hook.bot.name, "username": hook.bot.username, "maker": hook.maker,
            "initials": PageValues.initials(of: hook.bot.name), "hueClass": PageValues.hueClass(of: hook.bot.username),
        ]
        if let used = hook.lastUsedAt { values["lastUsedAt"] = ["iso": used.iso8601, "shown": used.minute] }
        return values
    }

    private static func values(_ hook: OutgoingHook) -> [String: Any] {
        var values: [String: Any] = [
            "id": hook.id.rawValue, "address": hook.address, "maker": hook.maker, "isDisabled": hook.isDisabled,
            "isVoid": !hook.isBacked, "waiting": hook.isDisabled ? 0 : hook.waiting,
        ]
        values["note"] = hook.note
        return values
    }

    private static func values(_ delivery: Delivery) -> [String: Any] {
        let (state, moment, isDone) =
            switch delivery.state {
            case .waiting(let next): ("waits until", next, false)
            case .sent(let at): ("sent", at, true)
            case .givenUp(let at): ("given up", at, true)
            }
        var values: [String: Any] = [
            "id": delivery.id.rawValue, "seq": delivery.seq, "attempts": delivery.attempts, "state": state,
            "at": moment.iso8601, "shownAt": moment.minute, "isDone": isDone,
            "isOne": delivery.attempts == 1,
        ]
        values["status"] = delivery.status
        values["problem"] = delivery.error
        return values
    }
}
